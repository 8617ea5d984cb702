"""The one exception whose words a leader may read."""


class Refusal(Exception):
    """Something that cannot be done, said in a sentence that names the mend.

    Everything else that is raised is a bug: it is logged under a reference and only the reference is shown.
    """
