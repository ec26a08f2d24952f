//! A client's connections: used again, replaced when dead, bounded in number, and shared out fairly under a budget.

#[path = "client_connections/budget.rs"]
mod budget;
#[path = "client_call/mod.rs"]
mod call;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "client_connections/replaced.rs"]
mod replaced;
#[path = "client_connections/reused.rs"]
mod reused;
