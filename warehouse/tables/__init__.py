"""The nouns of the lake: one file per layer declares its tables and says what each column means."""
