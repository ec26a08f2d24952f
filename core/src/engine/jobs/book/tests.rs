//! The book in virtual time: each test says what happens when, and asks what the book then has to say.

mod desk;
mod ends;
mod events;
mod model;
mod pictures;
mod sharing;
mod size;
