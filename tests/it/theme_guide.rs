//! The guide for theme authors.
