//! Compiles again when an embedded theme changes, files that come and go included.

fn main() {
    println!("cargo:rerun-if-changed=themes");
}
