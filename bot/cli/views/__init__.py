"""What a terminal shows, as blocks of text and tables: pure, nothing here prints or asks."""
