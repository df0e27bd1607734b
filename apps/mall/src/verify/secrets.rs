//! What must not stand anywhere in the open: links that open a document, signed addresses of objects, sign-in codes.

const LINK: &str = "/v1/invoice-links/";
const SIGNED: &str = "X-Amz-Signature=";
/// A link's token is longer; anything shorter is the name of the route.
const TOKEN: usize = 40;

/// The kinds of secrets in `text`; sign-in codes only where a code is expected.
pub fn found(text: &str, codes: bool) -> impl Iterator<Item = &'static str> {
    let link = text.split(LINK).skip(1).any(|rest| {
        let token = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
        token.count() >= TOKEN
    });
    let code = codes && text.split('"').any(is_code);
    [
        (link, "a link to a document"),
        (text.contains(SIGNED), "a signed address of an object"),
        (code, "a sign-in code"),
    ]
    .into_iter()
    .filter_map(|(is, kind)| is.then_some(kind))
}

/// Six digits and nothing else.
pub fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::found;

    fn kinds(text: &str) -> Vec<&'static str> {
        found(text, true).collect()
    }

    #[test]
    fn a_route_is_no_link_and_a_long_number_is_no_code() {
        assert!(
            kinds(r#"{"path":"/v1/invoice-links/{token}","at":"123456Z","n":1234567}"#).is_empty()
        );
    }

    #[test]
    fn a_link_a_signed_address_and_a_code_are_seen() {
        let link = format!("http://mall.test/v1/invoice-links/{}", "aZ09-_".repeat(8));
        assert_eq!(kinds(&link), ["a link to a document"]);
        assert_eq!(kinds("http://s3/x?X-Amz-Signature=1"), ["a signed address of an object"]);
        assert_eq!(kinds(r#"{"code":"012345"}"#), ["a sign-in code"]);
    }
}
