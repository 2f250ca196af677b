"""Float64 re-derivations from the papers' equations, against which the library is proved."""
