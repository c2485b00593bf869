//! Years of made-up entries: equal records have equal keys and files, whatever the threads.
