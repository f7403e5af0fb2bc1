//! Reply headers as the core asks for them: by lower-case name, absent ones as `None`.

pub trait Headers {
    fn header(&self, name: &str) -> Option<String>;
}

#[cfg(not(target_arch = "wasm32"))]
impl Headers for [(&str, &str)] {
    fn header(&self, name: &str) -> Option<String> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| (*value).to_owned())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<const N: usize> Headers for [(&str, &str); N] {
    fn header(&self, name: &str) -> Option<String> {
        self.as_slice().header(name)
    }
}
