//! C on the pages compiles: whole programs as they are, fragments within a function that has the usual variables.

use crate::pages::{self, Block, root};
use std::env;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// What a fragment may use without declaring it. A declaration of its own hides ours.
const FRAME: (&str, &str) = (
    "#include <mlab.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
     void fragment(mlab_config *config, mlab_client *client, mlab_request *request, mlab_result *result,\n\
     \x20   mlab_cancel *cancel, mlab_event *event, const char *player_token, int32_t status);\n\
     void fragment(mlab_config *config, mlab_client *client, mlab_request *request, mlab_result *result,\n\
     \x20   mlab_cancel *cancel, mlab_event *event, const char *player_token, int32_t status)\n{\n{\n",
    "}\n}\n",
);

/// What the compiler says of a block; empty if it is content.
fn complaints(block: &Block) -> String {
    let is_program = block.text.contains("int main(");
    let (before, after) = if is_program { ("", "") } else { FRAME };
    let mut compiler = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
    compiler.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-"]);
    if !is_program {
        compiler.args(["-Wno-unused", "-Wno-unused-parameter"]);
    }
    compiler
        .arg("-I")
        .arg(root().join("include"))
        .arg("-I")
        .arg(root().join("decode/include"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    let mut compiling = compiler.spawn().expect("a C compiler: set CC");
    let source = format!("{before}{}{after}", block.text);
    compiling.stdin.take().expect("piped").write_all(source.as_bytes()).expect("it reads");
    let done = compiling.wait_with_output().expect("it ends");
    if done.status.success() { String::new() } else { String::from_utf8_lossy(&done.stderr).into_owned() }
}

#[test]
fn every_c_program_and_fragment_on_a_page_compiles() {
    let (mut programs, mut wrong) = (0, Vec::new());
    for page in pages::all() {
        for block in page.blocks().iter().filter(|block| block.language == "c") {
            programs += usize::from(block.text.contains("int main("));
            let said = complaints(block);
            if !said.is_empty() {
                wrong.push(format!("{}:{}:\n{said}", page.path.display(), block.line));
            }
        }
    }
    assert!(programs > 0, "README.md has a complete program");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_fragment_that_does_not_compile_is_found() {
    let block = |text: &str| Block { language: "c".into(), line: 1, text: text.into() };
    assert_eq!(complaints(&block("mlab_client_free(client);\n")), "");
    assert_ne!(complaints(&block("mlab_client_free(request);\n")), "");
    assert_ne!(complaints(&block("int main(void) { return no_such_name; }\n")), "");
}
