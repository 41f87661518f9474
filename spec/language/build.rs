//! Owns one fact that the compiler cannot see: a file that is added to a built-in pack changes this
//! crate.

fn main() {
    println!("cargo::rerun-if-changed=../packs");
}
