//! The formats that are taken, and what their headers say.

/// A format that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PNG, also animated.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    WebP,
    /// GIF.
    Gif,
    /// AVIF.
    Avif,
    /// MP4, from the endpoints that make films.
    Mp4,
}

impl Kind {
    /// What the name of a file of this kind ends with, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
            Kind::WebP => "webp",
            Kind::Gif => "gif",
            Kind::Avif => "avif",
            Kind::Mp4 => "mp4",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static std::ffi::CStr {
        match self {
            Kind::Png => c"image/png",
            Kind::Jpeg => c"image/jpeg",
            Kind::WebP => c"image/webp",
            Kind::Gif => c"image/gif",
            Kind::Avif => c"image/avif",
            Kind::Mp4 => c"video/mp4",
        }
    }
}

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInfo {
    /// The format.
    pub kind: Kind,
    /// Pixels; 0 only where AVIF or MP4 do not say.
    pub width: u32,
    /// Pixels; 0 only where AVIF or MP4 do not say.
    pub height: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_the_ending_and_the_media_type_that_others_know() {
        for (kind, extension, media_type) in [
            (Kind::Png, "png", "image/png"),
            (Kind::Jpeg, "jpg", "image/jpeg"),
            (Kind::WebP, "webp", "image/webp"),
            (Kind::Gif, "gif", "image/gif"),
            (Kind::Avif, "avif", "image/avif"),
            (Kind::Mp4, "mp4", "video/mp4"),
        ] {
            assert_eq!((kind.extension(), kind.media_type().to_str()), (extension, Ok(media_type)));
        }
    }
}
