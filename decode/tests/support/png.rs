//! Writes PNG of every kind, uncompressed: what reads it shares no line with what wrote it.

/// An image to write; `samples` gives those of a pixel, each within the depth.
pub(crate) struct Png<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) depth: u8,
    /// As IHDR numbers them: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.
    pub(crate) colour: u8,
    pub(crate) interlaced: bool,
    pub(crate) palette: &'a [u8],
    pub(crate) transparency: &'a [u8],
    pub(crate) samples: &'a dyn Fn(u32, u32) -> Vec<u16>,
}

/// Start and step, across and down, of the passes of Adam7.
const ADAM7: [[u32; 4]; 7] =
    [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

impl Png<'_> {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut header = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        header.extend([self.depth, self.colour, 0, 0, self.interlaced.into()]);
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut file, b"IHDR", &header);
        for (name, data) in [(b"PLTE", self.palette), (b"tRNS", self.transparency)] {
            if !data.is_empty() {
                chunk(&mut file, name, data);
            }
        }
        chunk(&mut file, b"IDAT", &zlib(&self.rows()));
        chunk(&mut file, b"IEND", &[]);
        file
    }

    fn rows(&self) -> Vec<u8> {
        let passes: &[[u32; 4]] = if self.interlaced { &ADAM7 } else { &[[0, 0, 1, 1]] };
        let mut rows = Vec::new();
        for &[left, top, across, down] in passes {
            let xs: Vec<u32> = (left..self.width).step_by(across as usize).collect();
            for y in (top..self.height).step_by(down as usize).filter(|_| !xs.is_empty()) {
                rows.push(0);
                self.row(&xs, y, &mut rows);
            }
        }
        rows
    }

    fn row(&self, xs: &[u32], y: u32, rows: &mut Vec<u8>) {
        let (mut bits, mut filled) = (0u32, 0);
        for sample in xs.iter().flat_map(|&x| (self.samples)(x, y)) {
            bits = bits << self.depth | u32::from(sample);
            filled += self.depth;
            while filled >= 8 {
                filled -= 8;
                rows.push((bits >> filled) as u8);
            }
        }
        if filled > 0 {
            rows.push((bits << (8 - filled)) as u8);
        }
    }
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(data);
    file.extend(crc(&file[start..]).to_be_bytes());
}

/// Makes the checksums of all chunks right again, as far as the chunks can be followed.
pub(crate) fn mend_checksums(file: &mut [u8]) {
    let mut at = 8;
    while let Some(len) = file.get(at..at + 4).map(|len| u32::from_be_bytes(len.try_into().expect("four"))) {
        let end = at + 8 + len as usize;
        if end + 4 > file.len() {
            return;
        }
        let sum = crc(&file[at + 4..end]);
        file[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// Stored blocks.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        out.push(blocks.peek().is_none().into());
        out.extend((block.len() as u16).to_le_bytes());
        out.extend((!(block.len() as u16)).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (a + b) % 65521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}
