"""What confines students' code: namespaces, Landlock, seccomp, limits; what a machine allows."""
