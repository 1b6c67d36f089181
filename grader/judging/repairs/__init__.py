"""What is wrong in a function, found out by changing it: a small change that makes it right.

A change is tried in the student's own kernel; whether it makes the function right is for the judge
to say. Only what it says about the mistake is told, never the changed line.
"""
