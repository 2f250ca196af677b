"""Training objectives beside the likelihood of the targets: scheduled sampling, rewards of whole outputs."""
