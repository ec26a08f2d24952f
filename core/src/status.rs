//! The statuses that cross the C ABI: the one table of their numbers, names and texts.
//!
//! Knows nothing else: the build script reads this file to write them into the header.

/// What kind of trouble a status stands for, so that no binding has to group them by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// No failure.
    None,
    /// The caller passed something wrong.
    Argument,
    /// The caller ended it, or its time was over.
    Ended,
    /// This library, or the system under it.
    System,
    /// The way to the server, or the server itself.
    Network,
    /// The key and what its account may do.
    Account,
    /// The job.
    Job,
    /// An image or its file.
    Image,
}

/// One row a status: its Rust name, its number, its group, its C name, and what the reader should do about it.
///
/// Numbers are append-only and never reused; which range is what stands in the header.
macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $group:ident, $c_name:literal, $text:literal;)*) => {
        /// The outcome of a call as the C caller sees it: 0 done, positive "not yet", negative an error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i32)]
        pub enum Status { $($(#[$doc])* #[doc = $text] $name = $number,)* }

        impl Status {
            /// Every status, in the order of the table.
            pub const ALL: &'static [Status] = &[$(Status::$name,)*];

            /// The status with this number, if there is one.
            pub fn from_code(code: i32) -> Option<Status> {
                match code { $($number => Some(Status::$name),)* _ => None }
            }

            /// The name of the C constant, with a NUL at its end.
            pub const fn c_name(self) -> &'static std::ffi::CStr {
                match self { $(Status::$name => $c_name,)* }
            }

            /// What kind of trouble it is.
            pub const fn group(self) -> Group {
                match self { $(Status::$name => Group::$group,)* }
            }

            /// One sentence for people: what it means and what to do.
            pub const fn c_text(self) -> &'static std::ffi::CStr {
                match self { $(Status::$name => {
                    const TEXT: &std::ffi::CStr = match std::ffi::CStr::from_bytes_with_nul(concat!($text, "\0").as_bytes()) {
                        Ok(text) => text,
                        Err(_) => panic!("a status text holds a NUL"),
                    };
                    TEXT
                })* }
            }
        }
    };
}

statuses! {
    Ok = 0, None, c"MLAB_OK", "Done: the result holds the image URLs.";
    Processing = 1, None, c"MLAB_PROCESSING", "The job is not ready yet: poll again after the eta, or in 2 seconds.";
    NoEvent = 2, None, c"MLAB_NO_EVENT", "Nothing to pull now: no event came in time, or the wait was woken.";
    InvalidArgument = -1, Argument, c"MLAB_E_INVALID_ARGUMENT", "An argument is wrong and nothing was sent: the message names it.";
    Cancelled = -2, Ended, c"MLAB_E_CANCELLED", "Stopped by your own cancel: the job goes on at the server and can be fetched later.";
    Deadline = -3, Ended, c"MLAB_E_DEADLINE", "The wait reached its deadline: the job may still finish, wait again with the same id.";
    Busy = -4, System, c"MLAB_E_BUSY", "As much as is allowed is already under way: take finished work first, then try again.";
    Closed = -5, Ended, c"MLAB_E_CLOSED", "The client was shut down: make a new one.";
    Forked = -6, Ended, c"MLAB_E_FORKED", "The client belongs to the parent process: make a new one after fork.";
    NoResources = -7, System, c"MLAB_E_NO_RESOURCES", "The system gave no thread, descriptor or memory: free some, then try again.";
    Internal = -8, System, c"MLAB_E_INTERNAL", "A defect in this library: please report it with the message.";
    Resolve = -20, Network, c"MLAB_E_RESOLVE", "The host name could not be looked up: check the network and the endpoint, then try again.";
    Connect = -21, Network, c"MLAB_E_CONNECT", "No connection to the server: check network and firewall, then try again.";
    Tls = -22, Network, c"MLAB_E_TLS", "The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy.";
    Timeout = -23, Network, c"MLAB_E_TIMEOUT", "The server did not answer in time: try again, or raise the timeout.";
    Network = -24, Network, c"MLAB_E_NETWORK", "The connection broke: try again.";
    Redirect = -25, Network, c"MLAB_E_REDIRECT", "The server points elsewhere and the key was not sent there: correct the endpoint.";
    Protocol = -26, Network, c"MLAB_E_PROTOCOL", "The reply could not be understood: if it lasts, check the endpoint and any proxy between.";
    TooLarge = -27, Network, c"MLAB_E_TOO_LARGE", "The reply is larger than the limit: raise the body limit if this size is expected.";
    Proxy = -28, Network, c"MLAB_E_PROXY", "The proxy could not be used: check its address and password, or set none.";
    Auth = -40, Account, c"MLAB_E_AUTH", "The server refused the API key: check it.";
    Payment = -41, Account, c"MLAB_E_PAYMENT", "The account has no credit or no plan for this: top it up.";
    Forbidden = -42, Account, c"MLAB_E_FORBIDDEN", "The key may not do this: check the account's rights and the endpoint.";
    NotFound = -43, Job, c"MLAB_E_NOT_FOUND", "The server does not know this id: check it; a job just made may need some seconds.";
    RateLimited = -44, Account, c"MLAB_E_RATE_LIMITED", "Too many requests: wait as long as the result's retry-after says, else 30 seconds.";
    BadRequest = -45, Job, c"MLAB_E_BAD_REQUEST", "The server refused the request as malformed: the message says why; check endpoint and id.";
    Server = -46, Network, c"MLAB_E_SERVER", "Trouble at the server: try again later.";
    JobFailed = -47, Job, c"MLAB_E_JOB_FAILED", "The job itself failed at the server: make a new one.";
    Api = -48, Job, c"MLAB_E_API", "The server refused for a reason of its own: see the message.";
    File = -60, Image, c"MLAB_E_FILE", "A file could not be read or written: the message has the path and the reason.";
    UnsafeUrl = -61, Image, c"MLAB_E_UNSAFE_URL", "An image URL leads where no image should be fetched from: nothing was sent.";
    BadImage = -62, Image, c"MLAB_E_BAD_IMAGE", "What arrived is no whole image: try again, or make the job again.";
}

impl Status {
    /// The number that crosses the ABI.
    pub const fn code(self) -> i32 {
        self as i32
    }
}
