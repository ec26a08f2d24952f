//! One image by its link, over real sockets: what arrives is whole and an image, or nothing arrives.

#[path = "download_link/bounds.rs"]
mod bounds;
#[path = "download_call/mod.rs"]
mod call;
#[path = "download_link/framing.rs"]
mod framing;
#[path = "net_deadlines/gate.rs"]
#[allow(dead_code, reason = "this binary uses its part")]
mod gate;
#[path = "download_link/late.rs"]
mod late;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "download_link/redirects.rs"]
mod redirects;
#[path = "download_link/request.rs"]
mod request;
#[path = "download_link/resume.rs"]
mod resume;
#[path = "download_link/text.rs"]
mod text;
