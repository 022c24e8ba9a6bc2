"""What a recording tells without its words: samples in, measures out; and the door to speech."""
