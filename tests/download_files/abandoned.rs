//! Files that somebody gave up while they were written: what comes later is thrown away.

use crate::call::{Folder, OLD, test_image};
use mlab_core::download::image::Ended;
use mlab_core::download::{CommitGate, Destination, Image, ImageSink, SinkBounds};
use mlab_core::error::Error;
use std::fs;
use std::sync::Barrier;

fn sink(target: &str, gate: &CommitGate) -> ImageSink {
    let bounds = SinkBounds { gate: gate.clone(), ..SinkBounds::new(1 << 20) };
    ImageSink::begin(&Destination::File(target.to_owned()), "x", &bounds).expect("a file")
}

fn saved(mut sink: ImageSink, bytes: &[u8]) -> Result<Image, Error> {
    sink.receive(bytes)?;
    sink.finish(Ended::Framed)
}

#[test]
fn what_an_abandoned_thread_brings_is_thrown_away_with_its_temporary_file() {
    let folder = Folder::new();
    let target = folder.old("x.png");
    let bytes = test_image("abandoned");
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    type Act<'a> = &'a dyn Fn(ImageSink, &CommitGate) -> Result<Image, Error>;
    let steps: [(&str, Act<'_>); 3] = [
        ("before the first byte", &|sink, gate| {
            gate.abandon();
            saved(sink, &bytes)
        }),
        ("in the middle", &|mut sink, gate| {
            sink.receive(first)?;
            gate.abandon();
            saved(sink, rest)
        }),
        ("after the last byte", &|mut sink, gate| {
            sink.receive(&bytes)?;
            gate.abandon();
            sink.finish(Ended::Framed)
        }),
    ];
    for (step, act) in steps {
        let gate = CommitGate::default();
        assert_eq!(act(sink(&target, &gate), &gate), Err(Error::Cancelled), "{step}");
        assert_eq!(folder.names(), ["x.png"], "{step}");
        assert_eq!(fs::read(&target).expect("a file"), OLD, "{step}");
    }
}

#[test]
fn a_file_that_took_its_place_cannot_be_abandoned_any_more() {
    let folder = Folder::new();
    let target = folder.old("x.png");
    let gate = CommitGate::default();
    saved(sink(&target, &gate), &test_image("kept")).expect("saved");
    gate.abandon();
    assert!(!gate.is_abandoned());
    assert!(fs::read(&target).expect("a file") == test_image("kept"));
}

/// The thread that writes is `mlab-file`'s, the other one whoever waits for it.
#[test]
fn abandoning_at_any_moment_leaves_the_old_file_or_the_whole_new_one_and_says_which() {
    let (mut old, mut new) = (0, 0);
    let bytes = test_image("raced");
    for turn in 0..400 {
        let folder = Folder::new();
        let target = folder.old("x.png");
        let (gate, start) = (CommitGate::default(), Barrier::new(2));
        let abandoned = std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                start.wait();
                saved(sink(&target, &gate), &bytes)
            });
            start.wait();
            // Spread over what a write takes.
            (0..turn * 50).for_each(|_| std::hint::spin_loop());
            gate.abandon();
            let abandoned = gate.is_abandoned();
            let written = writer.join().expect("no panic");
            assert_eq!(written.is_err(), abandoned, "{written:?}");
            abandoned
        });
        let held = fs::read(&target).expect("a file");
        assert!(if abandoned { held == OLD } else { held == bytes }, "turn {turn}: {} bytes", held.len());
        assert_eq!(folder.names(), ["x.png"], "turn {turn}");
        *if abandoned { &mut old } else { &mut new } += 1;
    }
    eprintln!("{old} of 400 were abandoned in time, {new} were not");
}
