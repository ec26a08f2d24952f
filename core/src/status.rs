//! The statuses that cross the C ABI: the one table of their numbers, names and texts.
//!
//! Knows nothing else: the build script reads this file to write them into the header.

/// One row a status: its Rust name, its number, its C name, and what the reader should do about it.
///
/// Numbers are append-only and never reused (design of the ABI, in the header's introduction).
macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $c_name:literal, $text:literal;)*) => {
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
    Ok = 0, c"MLAB_OK", "Done: the result holds the image URLs.";
    Processing = 1, c"MLAB_PROCESSING", "The job is not ready yet: poll again after the eta, or in 2 seconds.";
    InvalidArgument = -1, c"MLAB_E_INVALID_ARGUMENT", "An argument is wrong and nothing was sent: the message names it.";
    Cancelled = -2, c"MLAB_E_CANCELLED", "Stopped by your own cancel: the job goes on at the server and can be fetched later.";
    Deadline = -3, c"MLAB_E_DEADLINE", "The wait reached its deadline: the job may still finish, wait again with the same id.";
    Busy = -4, c"MLAB_E_BUSY", "As much as is allowed is already under way: take finished work first, then try again.";
    Closed = -5, c"MLAB_E_CLOSED", "The client was shut down: make a new one.";
    Forked = -6, c"MLAB_E_FORKED", "The client belongs to the parent process: make a new one after fork.";
    NoResources = -7, c"MLAB_E_NO_RESOURCES", "The system gave no thread, descriptor or memory: free some, then try again.";
    Internal = -8, c"MLAB_E_INTERNAL", "A defect in this library: please report it with the message.";
    Resolve = -20, c"MLAB_E_RESOLVE", "The host name could not be looked up: check the network and the endpoint, then try again.";
    Connect = -21, c"MLAB_E_CONNECT", "No connection to the server: check network and firewall, then try again.";
    Tls = -22, c"MLAB_E_TLS", "The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy.";
    Timeout = -23, c"MLAB_E_TIMEOUT", "The server did not answer in time: try again, or raise the timeout.";
    Network = -24, c"MLAB_E_NETWORK", "The connection broke: try again.";
    Redirect = -25, c"MLAB_E_REDIRECT", "The server points elsewhere and the key was not sent there: correct the endpoint.";
    Protocol = -26, c"MLAB_E_PROTOCOL", "The reply could not be understood: if it lasts, check the endpoint and any proxy between.";
    TooLarge = -27, c"MLAB_E_TOO_LARGE", "The reply is larger than the limit: raise the body limit if this size is expected.";
    Proxy = -28, c"MLAB_E_PROXY", "The proxy could not be used: check its address and password, or set none.";
    Auth = -40, c"MLAB_E_AUTH", "The server refused the API key: check it.";
    Payment = -41, c"MLAB_E_PAYMENT", "The account has no credit or no plan for this: top it up.";
    Forbidden = -42, c"MLAB_E_FORBIDDEN", "The key may not do this: check the account's rights and the endpoint.";
    NotFound = -43, c"MLAB_E_NOT_FOUND", "The server does not know this id: check it; a job just made may need some seconds.";
    RateLimited = -44, c"MLAB_E_RATE_LIMITED", "Too many requests: wait as long as the result's retry-after says, else 30 seconds.";
    BadRequest = -45, c"MLAB_E_BAD_REQUEST", "The server refused the request as malformed: the message says why; check endpoint and id.";
    Server = -46, c"MLAB_E_SERVER", "Trouble at the server: try again later.";
    JobFailed = -47, c"MLAB_E_JOB_FAILED", "The job itself failed at the server: make a new one.";
    Api = -48, c"MLAB_E_API", "The server refused for a reason of its own: see the message.";
    File = -60, c"MLAB_E_FILE", "A file could not be read or written: the message has the path and the reason.";
    UnsafeUrl = -61, c"MLAB_E_UNSAFE_URL", "An image URL leads where no image should be fetched from: nothing was sent.";
    BadImage = -62, c"MLAB_E_BAD_IMAGE", "What arrived is no whole image: try again, or make the job again.";
}

impl Status {
    /// The number that crosses the ABI.
    pub const fn code(self) -> i32 {
        self as i32
    }
}
