"""The program as files: settings, what is analysed, the word index and the store of facts."""
