//! What a dictionary of a PDF may carry into the copy: the keys of ISO 32000-1 that pages, their fonts and pictures, links within and out of
//! them, outlines and the structure for screen readers need. What is not here stays behind: `Info`, `Metadata`, `PieceInfo`, `Thumb`,
//! `LastModified`, `AA`, `JavaScript`, whatever programs invented for themselves.

/// The document and its pages (7.7), outlines and labels (12.3, 12.4).
const DOCUMENT: &str = "Type Pages Kids Count Parent Lang PageLayout ViewerPreferences Direction PageLabels Nums Limits P S St Names \
    Dests D Outlines First Last Next Prev Title Dest A C F Resources MediaBox CropBox BleedBox TrimBox ArtBox \
    Rotate Contents Group Annots Tabs StructParents StructParent UserUnit";
/// Links (12.5.6.5).
const LINKS: &str = "Subtype Rect Border BS W QuadPoints H URI";
/// The structure for screen readers (14.7, 14.8).
const STRUCTURE: &str = "MarkInfo Marked StructTreeRoot K Pg Obj MCID Stm Alt ActualText E ParentTree ParentTreeNextKey RoleMap \
    ClassMap O RowSpan ColSpan Scope ListNumbering Placement";
/// What pages draw with (7.8.3, 8.4.5, 8.6 to 8.11).
const DRAWING: &str = "Font XObject ExtGState ColorSpace Pattern Shading Properties ProcSet LW LC LJ ML RI OP op OPM BG BG2 UCR UCR2 \
    TR TR2 FL SM SA BM SMask CA ca AIS TK G BC I CS BBox Matrix FormType PatternType PaintType TilingType XStep \
    YStep ShadingType Background AntiAlias Coords Extend Function BitsPerCoordinate BitsPerFlag VerticesPerRow \
    WhitePoint BlackPoint Gamma Range Colorants Process Components FunctionType Domain C0 C1 N Functions Bounds \
    Encode Size BitsPerSample Order Decode";
/// Pictures and how streams are packed (7.4, 8.9.5).
const PICTURES: &str = "Filter DecodeParms Width Height BitsPerComponent Interpolate Mask ImageMask Intent Matte Columns Rows BlackIs1 \
    EndOfLine EncodedByteAlign EndOfBlock DamagedRowsBeforeError Predictor Colors EarlyChange ColorTransform";
/// Fonts (9.5 to 9.10).
const FONTS: &str = "BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode DescendantFonts CIDSystemInfo Registry \
    Ordering Supplement DW DW2 W2 CIDToGIDMap FontName FontFamily FontStretch FontWeight Flags FontBBox \
    ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontFile \
    FontFile2 FontFile3 CharSet CIDSet BaseEncoding Differences FontMatrix CharProcs CMapName WMode UseCMap \
    Length1 Length2 Length3";
/// Under these stand maps whose keys are names of the file's own.
const MAPS: &str = "Font XObject ExtGState ColorSpace Pattern Shading Properties CharProcs RoleMap ClassMap Colorants";

/// Whether a dictionary may carry a key into the copy.
pub(super) fn is_needed(key: &[u8]) -> bool {
    [DOCUMENT, LINKS, STRUCTURE, DRAWING, PICTURES, FONTS].iter().any(|keys| is_one_of(key, keys))
}

/// Whether what stands under a key may have keys of its own choice.
pub(super) fn leads_to_map(key: &[u8]) -> bool {
    is_one_of(key, MAPS)
}

fn is_one_of(key: &[u8], keys: &str) -> bool {
    keys.split_whitespace().any(|known| known.as_bytes() == key)
}
