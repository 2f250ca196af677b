"""What ends a search, told apart from what ends a trial."""


class ConfigurationError(ValueError):
    """A mistake that no other values would mend: the search stops at once."""


class TooManyFailedError(ValueError):
    """More trials failed than were allowed to."""
