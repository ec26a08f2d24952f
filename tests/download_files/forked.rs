//! A child that saves images into its parent's folder.
#![allow(unsafe_code, reason = "fork is a system call")]

use crate::call::Folder;
use mlab_core::download::{Destination, ImageSink, SinkBounds};

/// A file that is begun, under a temporary name.
fn begun(folder: &Folder) -> Option<ImageSink> {
    ImageSink::begin(&Destination::Folder(folder.path("")), "x", &SinkBounds::new(1000)).ok()
}

/// A child has its parent's random keys. It would try its parent's names one by one, and give up.
#[test]
fn a_child_finds_names_although_its_parent_has_many_files_open() {
    let folder = Folder::new();
    // Both go on from the same state.
    drop(begun(&folder).expect("a file"));
    let mut pipe = [0; 2];
    // SAFETY: the array has room for two descriptors.
    assert_eq!(unsafe { libc::pipe(pipe.as_mut_ptr()) }, 0);
    // SAFETY: the child only waits for a byte, begins a file and leaves, without a destructor of this process.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::alarm(20);
            let mut byte = 0_u8;
            libc::read(pipe[0], (&raw mut byte).cast(), 1);
            libc::_exit(i32::from(begun(&folder).is_none()));
        }
        let files: Vec<_> = (0..20).map(|_| begun(&folder).expect("a file")).collect();
        libc::write(pipe[1], c"x".as_ptr().cast(), 1);
        let mut status = -1;
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
        assert_eq!(status, 0, "the child found no name");
        drop(files);
        for descriptor in pipe {
            libc::close(descriptor);
        }
    }
}
