"""What confines students' code: namespaces, Landlock, seccomp, limits; and what a machine allows."""
