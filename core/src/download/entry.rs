//! What one entry of a reply's list is.

use super::base64_text::is_letter;

/// No path that was seen is as long and of these letters alone; the shortest image is longer.
const SHORTEST_TEXT: usize = 32;

/// See the module's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// To be fetched, if it may be.
    Link(&'a str),
    /// The image itself as text, base64 or a `data:` URL: for an [`ImageSink`](super::ImageSink) as it stands.
    Text(&'a str),
}

impl Entry<'_> {
    /// Tells what an entry is. What is neither is a link, and refused as one.
    pub fn of(entry: &str) -> Entry<'_> {
        let entry = entry.trim();
        let is_data = entry.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
        let is_base64 =
            entry.len() >= SHORTEST_TEXT && entry.bytes().all(|b| is_letter(b) || b.is_ascii_whitespace());
        if is_data || is_base64 { Entry::Text(entry) } else { Entry::Link(entry) }
    }
}

impl<'a> Entry<'a> {
    /// As it stands in the reply, without spaces around it.
    pub fn as_str(self) -> &'a str {
        let (Entry::Link(entry) | Entry::Text(entry)) = self;
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_link_unless_it_is_an_image_as_text() {
        let long = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAw";
        for (entry, wanted) in [
            ("https://h.example/x.png", Entry::Link("https://h.example/x.png")),
            (" https://h.example/x.png\n", Entry::Link("https://h.example/x.png")),
            ("x.png", Entry::Link("x.png")),
            ("generations", Entry::Link("generations")),
            (long, Entry::Text(long)),
            ("data:image/png;base64,AAAA", Entry::Text("data:image/png;base64,AAAA")),
            ("DATA:;charset=x; BASE64,AAAA", Entry::Text("DATA:;charset=x; BASE64,AAAA")),
            ("data:", Entry::Text("data:")),
        ] {
            assert_eq!(Entry::of(entry), wanted, "{entry}");
        }
    }
}
