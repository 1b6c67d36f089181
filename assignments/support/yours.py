"""Names that an exercise leaves to the student: a module says so where it is asked for them."""


def yours_to_write(*names):
    """Return the `__getattr__` of a module that holds back the functions of these names.

    It is called for what the module does not define.
    """

    def missing(name):
        if name in names:
            raise ImportError(f"`{name}` is yours to write: define it in the notebook.")
        raise AttributeError(f"this module has no attribute '{name}'")

    return missing
