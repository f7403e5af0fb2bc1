//! `emulator/gradient`: a sky, a disc and some hills, in the colours that the prompt's words speak of. The same prompt
//! and seed give the same picture.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageResult};
use sha2::{Digest, Sha256};

type Colour = [f32; 3];

/// Words that have a colour.
const WORDS: [(&[&str], Colour); 16] = [
    (&["sea", "ocean", "water", "river", "lake", "blue"], [28.0, 96.0, 158.0]),
    (&["sky", "air", "calm", "day"], [135.0, 190.0, 235.0]),
    (&["dusk", "sunset", "dawn", "sunrise", "orange", "autumn"], [242.0, 130.0, 72.0]),
    (&["night", "dark", "black", "space"], [18.0, 20.0, 48.0]),
    (&["forest", "tree", "grass", "green", "meadow", "spring"], [46.0, 122.0, 66.0]),
    (&["fire", "red", "lava", "rose"], [206.0, 52.0, 44.0]),
    (&["sun", "gold", "yellow", "wheat", "lemon"], [248.0, 206.0, 84.0]),
    (&["snow", "white", "cloud", "ice", "winter"], [232.0, 240.0, 248.0]),
    (&["desert", "sand", "beach", "brown", "earth"], [214.0, 178.0, 120.0]),
    (&["mountain", "rock", "stone", "city", "grey", "gray", "fog"], [120.0, 126.0, 138.0]),
    (&["purple", "violet", "lavender", "magic"], [128.0, 84.0, 176.0]),
    (&["pink", "flower", "cherry", "blossom"], [238.0, 150.0, 184.0]),
    (&["cat", "fox", "tiger", "astronaut"], [222.0, 148.0, 88.0]),
    (&["moon", "silver", "star"], [208.0, 214.0, 232.0]),
    (&["turquoise", "teal", "island", "lagoon"], [52.0, 176.0, 170.0]),
    (&["horse", "wood", "house", "coffee"], [128.0, 88.0, 60.0]),
];

/// What a picture shows.
pub struct Scene {
    top: Colour,
    horizon: Colour,
    ground: Colour,
    disc: Colour,
    /// Place and size of the disc, as shares of the picture.
    at: [f32; 3],
    /// Place, height and roughness of each range of hills.
    hills: [[f32; 3]; 3],
}

impl Scene {
    pub fn of(prompt: &str, without: &str, seed: Option<i64>) -> Scene {
        let draw = Sha256::digest(format!("{prompt}\n{}", seed.unwrap_or_default()));
        let share = |index: usize| f32::from(draw.get(index).copied().unwrap_or_default()) / 255.0;
        let unwanted = colours(without);
        let mut palette: Vec<Colour> =
            colours(prompt).into_iter().filter(|colour| !unwanted.contains(colour)).collect();
        while palette.len() < 3 {
            let index = palette.len();
            palette.push(hue(share(index), 0.45 + 0.3 * share(index + 3)));
        }
        let mut colour = palette.iter().copied().cycle();
        let mut next = || colour.next().unwrap_or_default();
        let (ground, horizon, top) = (next(), next(), next());
        Scene {
            top: mix(top, [20.0, 26.0, 60.0], 0.25),
            horizon: mix(horizon, [255.0; 3], 0.2),
            ground,
            disc: mix(next(), [255.0, 248.0, 220.0], 0.7),
            at: [0.15 + 0.7 * share(8), 0.2 + 0.28 * share(9), 0.06 + 0.07 * share(10)],
            hills: [11, 14, 17]
                .map(|index| [6.3 * share(index), 0.03 + 0.09 * share(index + 1), 3.0 + 5.0 * share(index + 2)]),
        }
    }

    /// The colour at a point; both coordinates go from 0 to 1, `aspect` is width by height.
    fn colour(&self, x: f32, y: f32, aspect: f32) -> Colour {
        for (layer, [phase, height, roughness]) in self.hills.into_iter().enumerate().rev() {
            let depth = layer as f32 / 2.0;
            let wave = (x * roughness + phase).sin() + 0.5 * (x * roughness * 2.3 + phase * 2.0).sin();
            if y > 0.6 + 0.13 * depth - height * wave {
                let near = mix(self.horizon, self.ground, 0.45 + 0.5 * depth);
                return mix(near, [0.0; 3], 0.35 * depth * y);
            }
        }
        let sky = mix(self.top, self.horizon, (y / 0.65).min(1.0));
        let [disc_x, disc_y, radius] = self.at;
        let distance = ((x - disc_x) * aspect).hypot(y - disc_y);
        let glow = (1.0 - distance / (radius * 5.0)).max(0.0).powi(2) * 0.5;
        let edge = ((radius - distance) * 200.0).clamp(0.0, 1.0);
        mix(sky, self.disc, glow.max(edge))
    }
}

pub fn png(scene: &Scene, width: u32, height: u32) -> ImageResult<Vec<u8>> {
    let aspect = width as f32 / height as f32;
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for row in 0..height {
        for column in 0..width {
            let colour = scene.colour(column as f32 / width as f32, row as f32 / height as f32, aspect);
            pixels.extend(colour.map(|value| value.round().clamp(0.0, 255.0) as u8));
        }
    }
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(&pixels, width, height, ExtendedColorType::Rgb8)?;
    Ok(file)
}

/// The colours of a text, in the order of its words.
fn colours(text: &str) -> Vec<Colour> {
    let mut found = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase) {
        let single = word.strip_suffix('s').unwrap_or(&word);
        let colour = WORDS.iter().find(|(words, _)| words.contains(&single) || words.contains(&word.as_str()));
        found.extend(colour.map(|(_, colour)| *colour).filter(|colour| !found.contains(colour)));
    }
    found
}

fn mix(from: Colour, to: Colour, share: f32) -> Colour {
    let [red, green, blue] = from;
    let [to_red, to_green, to_blue] = to;
    [red + (to_red - red) * share, green + (to_green - green) * share, blue + (to_blue - blue) * share]
}

/// A colour of that hue, 0 to 1, and lightness.
fn hue(hue: f32, lightness: f32) -> Colour {
    [0.0, 1.0 / 3.0, 2.0 / 3.0].map(|shift| {
        let wave = (std::f32::consts::TAU * (hue + shift)).cos() * 0.5 + 0.5;
        255.0 * (lightness * 0.6 + wave * 0.45).min(1.0)
    })
}
