//! Links that a mail may carry.

/// An address that opens in a browser and nothing else: no quotes or brackets that could end an attribute.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// Takes `text` if it is one; `javascript:` and its like are not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let opens = text.starts_with("https://") || text.starts_with("http://");
        let plain = |b: u8| b.is_ascii_graphic() && !br#""'<>\`"#.contains(&b);
        (opens && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// As it is typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of an HTML attribute.
    pub fn attribute(&self) -> String {
        self.0.replace('&', "&amp;")
    }
}

#[cfg(test)]
mod tests {
    use super::Link;

    #[test]
    fn only_plain_web_addresses_are_links() {
        let link = Link::parse("https://mall.test/v1/invoice-links/a_b-c?x=1&y=2");
        assert_eq!(
            link.map(|l| l.attribute()).as_deref(),
            Some("https://mall.test/v1/invoice-links/a_b-c?x=1&amp;y=2")
        );
        for bad in [
            "javascript:alert(1)",
            "https://x/\"onclick=",
            "https://x/\r\nBcc: a",
            "https://x/<b>",
            "",
            "//x",
        ] {
            assert!(Link::parse(bad).is_none(), "{bad}");
        }
    }
}
