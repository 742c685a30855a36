"""The commands of `qa`, one module a subject.

Each reads its options, calls the one function that does the work, and writes the result.
"""
