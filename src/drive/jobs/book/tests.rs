//! The book in virtual time: each test says what happens when, and looks at what the book then has to say.

mod desk;
mod sharing;
mod size;
