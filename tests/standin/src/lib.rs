//! A stand-in for the service, on loopback.
