//! The five pages of real unions' sites, taken apart into their items. Each site writes in its own way, so each has its own reader;
//! every line of a page must be accounted for: as part of an item, or as furniture of the page.

use chrono::NaiveDate;

/// One statement of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub title: String,
    /// Who speaks, or what stands for a picture: the line between title and text.
    pub byline: Option<String>,
    /// None where the page gives no date.
    pub date: Option<NaiveDate>,
    /// Paragraphs.
    pub text: Vec<String>,
}

/// A page's items and the lines that belong to none of them.
pub struct Page {
    pub items: Vec<Item>,
    pub furniture: Vec<String>,
}

/// Lines that belong together: what stands between empty lines, without the space around each line.
type Block = Vec<String>;

fn blocks(page: &str) -> Vec<Block> {
    let lines: Vec<&str> = page.lines().map(|line| line.trim_matches(' ')).collect();
    let blocks = lines.split(|line| line.is_empty()).filter(|block| !block.is_empty());
    blocks.map(|block| block.iter().map(|line| (*line).to_owned()).collect()).collect()
}

fn joined(block: &Block) -> String {
    block.join("\n")
}

fn item(title: &Block, byline: Option<String>, date: Option<NaiveDate>, text: &[Block]) -> Item {
    Item { title: title.join(" "), byline, date, text: text.iter().map(joined).collect() }
}

/// Takes a page apart by the first words of its file name.
pub fn split(name: &str, page: &str) -> Page {
    let blocks = blocks(page);
    match &name[..3] {
        "000" => day_in_brackets(&blocks),
        "001" => read_more(&blocks),
        "002" => day_below_the_title(&blocks),
        "003" => bullets(&blocks),
        "004" => one_article(&blocks),
        _ => panic!("nobody has told how to read {name}"),
    }
}

/// `(01.01.2016) Text`, below a title and perhaps a byline. One appeal without a date stands above all.
fn day_in_brackets(blocks: &[Block]) -> Page {
    let day = |block: &Block| {
        let (day, text) = block[0].strip_prefix('(')?.split_once(") ")?;
        Some((NaiveDate::parse_from_str(day, "%d.%m.%Y").ok()?, text.to_owned()))
    };
    let dated: Vec<usize> = (0..blocks.len()).filter(|index| day(&blocks[*index]).is_some()).collect();
    // The site's name, then the appeal without a date, then the title of the first item with one.
    let mut items = vec![item(&blocks[1], None, None, &blocks[2..dated[0] - 1])];
    let mut next = dated[0] - 1;
    for at in dated {
        let (date, first_line) = day(&blocks[at]).expect("a day");
        let byline = blocks[next + 1..at].iter().map(joined).reduce(|one, other| format!("{one} {other}"));
        let text = [&[first_line], &blocks[at][1..]].concat();
        items.push(item(&blocks[next], byline, Some(date), &[text]));
        next = at + 1;
    }
    let furniture = [&blocks[..1], &blocks[next..]].concat();
    Page { items, furniture: furniture.iter().map(joined).collect() }
}

/// No dates; each item ends with "Read more: …", the last with the page.
fn read_more(blocks: &[Block]) -> Page {
    let is_furniture = |block: &Block| {
        let line = block[0].as_str();
        line.starts_with("Read more: ") || ["About us", "Select language"].contains(&line)
    };
    let parts = blocks.split(is_furniture).filter(|part| !part.is_empty());
    let items = parts.map(|part| item(&part[0], None, None, &part[1..])).collect();
    Page { items, furniture: blocks.iter().filter(|block| is_furniture(block)).map(joined).collect() }
}

/// `June 27, 2019` alone below the title; an introduction without a date stands above all.
fn day_below_the_title(blocks: &[Block]) -> Page {
    let day = |block: &Block| NaiveDate::parse_from_str(&block[0], "%B %d, %Y").ok();
    let content: Vec<Block> = blocks.iter().filter(|block| block[0] != "Pages").cloned().collect();
    let dated: Vec<usize> = (0..content.len()).filter(|index| day(&content[*index]).is_some()).collect();
    let mut items = vec![item(&content[0], None, None, &content[1..dated[0] - 1])];
    for (number, at) in dated.iter().enumerate() {
        let end = dated.get(number + 1).map_or(content.len(), |next| next - 1);
        items.push(item(&content[at - 1], None, day(&content[*at]), &content[at + 1..end]));
    }
    Page { items, furniture: blocks.iter().filter(|block| block[0] == "Pages").map(joined).collect() }
}

/// An introduction, then titles with bullets, then lists.
fn bullets(blocks: &[Block]) -> Page {
    let bullet = |block: &Block| block[0].strip_prefix("• ").map(str::to_owned);
    let starts: Vec<usize> = (0..blocks.len())
        .filter(|index| *index == 0 || bullet(&blocks[*index]).is_some() || blocks[*index][0] == "Take Action")
        .collect();
    let mut items = Vec::new();
    for (number, at) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(blocks.len());
        let title = bullet(&blocks[*at]).map_or_else(|| blocks[*at].clone(), |title| vec![title]);
        items.push(item(&title, None, None, &blocks[at + 1..end]));
    }
    Page { items, furniture: Vec::new() }
}

/// One long article below the page's search box; its first picture's description stands between title and text.
fn one_article(blocks: &[Block]) -> Page {
    let start = blocks.iter().position(|block| block[0].starts_with("Why international")).expect("the title");
    let article = item(&blocks[start], None, None, &blocks[start + 1..]);
    Page { items: vec![article], furniture: blocks[..start].iter().map(joined).collect() }
}
