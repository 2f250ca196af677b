"""From raw inputs that are no text (sounds, images, clips, series, strokes) to arrays."""
