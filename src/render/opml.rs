//! OPML 2.0 (opml.org/spec2.opml): the list of sources, as feed readers import it.
//!
//! Written by quick-xml, which knows how to escape; a document of one level needs no more. (The
//! crate `opml` depends on an XML stack of its own, which no other dependency shares.)

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::plan::{Opml, Outline};

/// Renders the list.
pub(super) fn render(opml: &Opml, owner: Option<&str>) -> Result<Vec<u8>, String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, opml, owner).map_err(|error| error.to_string())?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn write(writer: &mut Writer<Vec<u8>>, opml: &Opml, owner: Option<&str>) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = writer
        .create_element("opml")
        .with_attribute(("version", "2.0"));
    root.write_inner_content(|writer| {
        writer
            .create_element("head")
            .write_inner_content(|writer| {
                text(writer, "title", &opml.title)?;
                owner.map_or(Ok(()), |owner| text(writer, "ownerName", owner))
            })?;
        writer
            .create_element("body")
            .write_inner_content(|writer| {
                opml.outlines
                    .iter()
                    .try_for_each(|source| outline(writer, source))
            })?;
        Ok(())
    })?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> std::io::Result<()> {
    let element = writer.create_element(name);
    element.write_text_content(BytesText::new(text)).map(|_| ())
}

/// A source with a feed can be followed; one without is a link.
fn outline(writer: &mut Writer<Vec<u8>>, source: &Outline) -> std::io::Result<()> {
    let (title, home) = (source.title.as_str(), source.home.as_str());
    let element = writer.create_element("outline");
    let element = match &source.feed {
        Some(feed) => element.with_attributes([
            ("type", "rss"),
            ("text", title),
            ("title", title),
            ("xmlUrl", feed.as_str()),
            ("htmlUrl", home),
        ]),
        None => element.with_attributes([
            ("type", "link"),
            ("text", title),
            ("title", title),
            ("url", home),
            ("htmlUrl", home),
        ]),
    };
    element.write_empty().map(|_| ())
}
