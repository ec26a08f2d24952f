//! What TLS says went wrong, in words. rustls' own texts hold names of its types and bytes of certificates, and change
//! from version to version.
//!
//! Each text goes on after "no trusted connection to HOST: ".

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};
use std::borrow::Cow;
use webpki::Error as ChainError;

/// Names of a certificate that are told; some have hundreds.
const MAX_NAMES: usize = 4;

const DAY_S: u64 = 24 * 60 * 60;

type Words = Cow<'static, str>;

/// Why a handshake failed, or a connection that was made.
pub(super) fn in_words(e: &Error) -> Words {
    match e {
        Error::InvalidCertificate(e) => certificate_in_words(e),
        Error::AlertReceived(alert) => alert_in_words(*alert),
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } | Error::PeerSentOversizedRecord => {
            "what came is not TLS; check the port".into()
        }
        Error::NoCertificatesPresented => "the server showed no certificate".into(),
        Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            "the server offers neither TLS 1.2 nor TLS 1.3".into()
        }
        Error::PeerIncompatible(_) => "the server offers no way of TLS that is supported here".into(),
        Error::PeerMisbehaved(_) | Error::InappropriateHandshakeMessage { .. } => {
            "the server breaks the rules of TLS".into()
        }
        Error::DecryptError => "what came was changed on its way".into(),
        Error::FailedToGetCurrentTime => "the system has no clock".into(),
        Error::FailedToGetRandomBytes => "the system has no random numbers".into(),
        Error::InvalidCertRevocationList(_) => "the list of revoked certificates cannot be used".into(),
        // The system's verifiers speak for themselves, where there is one.
        Error::General(words) => words.trim_end().trim_end_matches('.').to_owned().into(),
        _ => "the TLS handshake failed".into(),
    }
}

/// What is wrong with a certificate, the server's or a root.
pub(super) fn certificate_in_words(e: &CertificateError) -> Words {
    match e {
        CertificateError::BadEncoding => "the certificate cannot be read".into(),
        CertificateError::Expired => "the certificate has expired".into(),
        CertificateError::ExpiredContext { time, not_after } => {
            let since = time.as_secs().saturating_sub(not_after.as_secs());
            format!("the certificate has expired, {} ago by this machine's clock", span(since)).into()
        }
        CertificateError::NotValidYet => "the certificate is not valid yet".into(),
        CertificateError::NotValidYetContext { time, not_before } => {
            let until = not_before.as_secs().saturating_sub(time.as_secs());
            format!("the certificate is not valid yet, but in {} by this machine's clock", span(until)).into()
        }
        CertificateError::Revoked => "the certificate was revoked".into(),
        CertificateError::UnhandledCriticalExtension => {
            "the certificate has a critical extension that is not known here".into()
        }
        CertificateError::UnknownIssuer => {
            "the certificate is signed by nobody who is trusted (unknown issuer)".into()
        }
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => {
            "nobody says whether the certificate was revoked".into()
        }
        CertificateError::BadSignature => "the certificate's signature is wrong".into(),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "the certificate is signed in a way that is not supported".into()
        }
        CertificateError::NotValidForName => "the certificate is for another name".into(),
        CertificateError::NotValidForNameContext { presented, .. } => match names(presented) {
            names if names.is_empty() => "the certificate is for another name".into(),
            names => format!("the certificate is for another name: {names}").into(),
        },
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "the certificate is not for servers".into()
        }
        CertificateError::InvalidOcspResponse => "the certificate's OCSP response is wrong".into(),
        CertificateError::Other(other) => {
            other.0.downcast_ref().map_or("the certificate was refused", chain_in_words).into()
        }
        _ => "the certificate was refused".into(),
    }
}

/// What is wrong with a certificate or those that signed it, of what rustls has no kind of its own for.
fn chain_in_words(e: &ChainError) -> &'static str {
    match e {
        ChainError::CaUsedAsEndEntity => {
            "the certificate is a CA's own, used by the server itself; make one for the server and sign it with the CA's"
        }
        ChainError::EndEntityUsedAsCa => "the certificate is signed by one that may sign none",
        ChainError::NameConstraintViolation => "the certificate's issuer may not sign for this name",
        ChainError::PathLenConstraintViolated | ChainError::MaximumPathDepthExceeded => {
            "there are too many issuers between the certificate and a root"
        }
        ChainError::MaximumNameConstraintComparisonsExceeded
        | ChainError::MaximumPathBuildCallsExceeded
        | ChainError::MaximumSignatureChecksExceeded => "the certificate's chain takes too much to check",
        ChainError::UnsupportedCertVersion => "the certificate is of a version before 3",
        ChainError::CertDistrusted => "the certificate's issuer is no longer trusted",
        _ => "the certificate breaks the rules for certificates (RFC 5280)",
    }
}

/// RFC 8446, section 6.2, as far as a caller can do something about it.
fn alert_in_words(alert: AlertDescription) -> Words {
    let reason = match alert {
        AlertDescription::CertificateRequired => {
            "it wants a certificate of the client, and this library has none"
        }
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            "it accepts no cipher that is offered, or wants a certificate of the client"
        }
        AlertDescription::ProtocolVersion => "it accepts neither TLS 1.2 nor TLS 1.3",
        AlertDescription::UnrecognisedName => "it does not know this host name",
        AlertDescription::AccessDenied => "it denies access",
        AlertDescription::InternalError => "it has an error of its own",
        AlertDescription::BadRecordMac | AlertDescription::DecryptError => {
            "what it got was changed on its way"
        }
        AlertDescription::UserCanceled => "it gave up",
        _ => return format!("the server ended the connection with the TLS alert {}", u8::from(alert)).into(),
    };
    format!("the server ended the connection: {reason} (TLS alert {})", u8::from(alert)).into()
}

/// In the largest unit that says something.
fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7199 => (seconds / 60, "minute"),
        7200..=172_799 => (seconds / 3600, "hour"),
        _ => (seconds / DAY_S, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The names that a certificate is for. rustls has them as `DnsName("localhost")` and `IpAddress(127.0.0.1)`.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inside = name.split_once('(').map_or(name.as_str(), |(_, rest)| rest.trim_end_matches(')'));
        let bare = inside.trim_matches('"');
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.*:".contains(c);
        (!bare.is_empty() && bare.len() <= 253 && bare.chars().all(is_name)).then(|| bare.to_owned())
    };
    let mut names: Vec<String> = presented.iter().filter_map(bare).take(MAX_NAMES).collect();
    if presented.len() > MAX_NAMES {
        names.push("and more".into());
    }
    names.join(", ")
}

#[cfg(test)]
#[path = "tls_words_tests.rs"]
mod tests;
