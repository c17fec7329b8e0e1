//! Tables on our own pages.
//!
//! What travels has a list for each table (see [`super::render`]), whose rows have cells that stand apart by `<bdi>`. On our pages those lists
//! are tables: figures stand under each other, and a cell in another direction stays in its column.

/// What a table begins with in HTML that [`super::render`] wrote.
const START: &str = "<ul><li><strong><bdi>";
const END: &str = "</ul>";
const BETWEEN: &str = "</bdi> · <bdi>";

/// Safe HTML of ours with its tables as tables. Anything that is not quite one of them stays as it is.
#[must_use]
pub fn with_tables(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, from)) = rest.find(START).map(|at| rest.split_at(at)) {
        out.push_str(before);
        let Some(end) = from.find(END).map(|at| at + END.len()) else {
            rest = from;
            break;
        };
        let (list, after) = from.split_at(end);
        match rows(list) {
            Some(rows) => write(&mut out, &rows),
            None => out.push_str(list),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The cells of each row, the head first; none where something else stands among them.
fn rows(list: &str) -> Option<Vec<Vec<&str>>> {
    let items = list.strip_prefix("<ul><li><strong>")?.strip_suffix("</li></ul>")?;
    let (head, body) = items.split_once("</strong></li>").or_else(|| Some((items.strip_suffix("</strong>")?, "")))?;
    let mut rows = vec![cells(head)?];
    for row in body.strip_prefix("<li>").into_iter().flat_map(|body| body.split("</li><li>")) {
        rows.push(cells(row)?);
    }
    let is_whole = rows.iter().all(|row| row.len() == rows[0].len() && row.iter().all(|cell| is_inline(cell)));
    is_whole.then_some(rows)
}

fn cells(row: &str) -> Option<Vec<&str>> {
    Some(row.strip_prefix("<bdi>")?.strip_suffix("</bdi>")?.split(BETWEEN).collect())
}

/// Whether a cell holds nothing that would end its row.
fn is_inline(cell: &str) -> bool {
    !["<li", "<ul", "<ol", "</li", "<bdi", "</bdi", "<p>"].iter().any(|tag| cell.contains(tag))
}

fn write(out: &mut String, rows: &[Vec<&str>]) {
    let columns = rows.first().map_or(0, Vec::len);
    let figures: Vec<bool> = (0..columns).map(|column| holds_figures(&rows[1..], column)).collect();
    // What is wider than a phone moves sideways in its own box, by the keyboard as well.
    out.push_str("<div class=\"table\" tabindex=\"0\"><table>");
    for (number, row) in rows.iter().enumerate() {
        let (part, cell, scope) = if number == 0 { ("<thead>", "th", " scope=\"col\"") } else { ("", "td", "") };
        out.extend([part, "<tr>"]);
        for (text, is_figure) in row.iter().zip(&figures) {
            let class = if *is_figure { " class=\"number\"" } else { "" };
            out.extend(["<", cell, scope, class, "><bdi>", text, "</bdi></", cell, ">"]);
        }
        out.extend(["</tr>", if number == 0 { "</thead><tbody>" } else { "" }]);
    }
    out.push_str("</tbody></table></div>");
}

/// Whether a column holds numbers: what has digits and no letters, in any script.
fn holds_figures(rows: &[Vec<&str>], column: usize) -> bool {
    let cells = || rows.iter().map(|row| row[column]);
    let has_no_letters = |cell: &str| !super::plain_text(cell).contains(char::is_alphabetic);
    cells().all(has_no_letters) && cells().any(|cell| cell.contains(char::is_numeric))
}

#[cfg(test)]
mod tests {
    use super::with_tables;
    use crate::markup::render;

    fn page(markdown: &str) -> String {
        with_tables(&render(markdown, &|_| None).html)
    }

    #[test]
    fn the_list_of_a_table_is_a_table_whose_figures_stand_under_each_other() {
        let shown = page(
            "Before\n\n| Union | Members |\n|---|---|\n| **اتحادیه** | ۱٬۲۰۰ |\n| A & B | |\n\nBehind\n\n- one\n- two",
        );
        assert_eq!(
            shown,
            "<p>Before</p>\n<div class=\"table\" tabindex=\"0\"><table><thead><tr>\
             <th scope=\"col\"><bdi>Union</bdi></th><th scope=\"col\" class=\"number\"><bdi>Members</bdi></th></tr></thead><tbody>\
             <tr><td><bdi><strong>اتحادیه</strong></bdi></td><td class=\"number\"><bdi>۱٬۲۰۰</bdi></td></tr>\
             <tr><td><bdi>A &amp; B</bdi></td><td class=\"number\"><bdi></bdi></td></tr></tbody></table></div>\n\
             <p>Behind</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
        );
    }

    #[test]
    fn two_tables_are_two_and_a_head_alone_is_one() {
        let shown = page("| A |\n|---|\n| x |\n\n| B |\n|---|");
        assert_eq!(shown.matches("<table>").count(), 2, "{shown}");
        assert_eq!(shown.matches("</table>").count(), 2, "{shown}");
    }

    #[test]
    fn what_is_not_quite_a_table_stays_as_it_is() {
        for html in [
            "<ul><li><strong><bdi>a</bdi></strong></li><li>no cell</li></ul>",
            "<ul><li><strong><bdi>a</bdi></strong></li><li><bdi>b</bdi> · <bdi>c</bdi></li></ul>",
            "<ul><li><strong><bdi>a</bdi></strong><ul><li>b</li></ul></li></ul>",
            "<ul><li><strong><bdi>a</bdi></strong></li><li><bdi><bdi>b</bdi></bdi></li></ul>",
            "<ul><li><strong><bdi>never ends",
        ] {
            assert_eq!(with_tables(html), html);
        }
    }
}
