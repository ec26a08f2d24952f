//! The scheduler in virtual time: each test says what happens when, and asks what the scheduler then has to say.

mod calls;
mod ends;
mod events;
mod fixture;
mod images;
mod model;
mod once;
mod rates;
mod sharing;
mod size;
