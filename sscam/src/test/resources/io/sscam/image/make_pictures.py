"""Makes the small synthetic pictures beside it, and expected.csv: size and CRC-32 of the R G B samples
as Pillow decodes them. Debian 12: python3-pil 9.4, python3-numpy. Run in this folder."""
import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

W, H = 37, 26
y, x = np.mgrid[0:H, 0:W]
smooth = np.stack([x * 255 // W, y * 255 // H, (x + y) * 255 // (W + H)], axis=-1).astype(np.uint8)
smooth[8:16, 10:22] = (220, 40, 60)
rgb = Image.fromarray(smooth, "RGB")
alpha = ((x * 13 + y * 7) % 256).astype(np.uint8)
expected = []


def expect(name, array):
    array = np.asarray(array, np.uint8)
    expected.append(f"{name},{array.shape[1]},{array.shape[0]},{zlib.crc32(array.tobytes()):08x}")


def by_pillow(name):
    with Image.open(name) as im:
        expect(name, ImageOps.exif_transpose(im).convert("RGB"))


def over_white(colour, opacity):
    c, a = colour.astype(int), opacity.astype(int)[..., None]
    return (c * a + 255 * (255 - a) + 127) // 255


def save(im, name, **options):
    im.save(name, **options)
    by_pillow(name)


def png(name, bit_depth, colour_type, rows, extra=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    raw = b"".join(b"\0" + r.tobytes() for r in rows)
    head = struct.pack(">IIBBBBB", W, H, bit_depth, colour_type, 0, 0, 0)
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra
                + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))
    return chunk


# JPEG
save(rgb, "baseline-420.jpg", quality=85)
save(rgb, "baseline-422.jpg", quality=85, subsampling=1)
save(rgb, "progressive-444.jpg", quality=85, progressive=True, subsampling=0)
save(rgb.convert("L"), "grey.jpg", quality=85)
save(rgb, "restart.jpg", quality=85, restart_marker_blocks=2)
cmyk = rgb.convert("CMYK")
save(cmyk, "cmyk-adobe.jpg", quality=85)
plain = open("progressive-444.jpg", "rb").read()
with open("444-without-jfif.jpg", "wb") as f:  # three components and no marker that says which
    f.write(plain[:2] + plain[20:])
by_pillow("444-without-jfif.jpg")
buffer = io.BytesIO()  # samples that are Y Cb Cr K, and Adobe's marker saying so
ycc = np.asarray(rgb.convert("YCbCr"))
four = np.dstack([ycc, 255 - alpha // 3])
Image.fromarray(255 - four, "CMYK").save(buffer, "JPEG", quality=90)
data = bytearray(buffer.getvalue())
at = data.index(b"Adobe")
data[at + 11] = 2
open("ycck-adobe.jpg", "wb").write(data)
by_pillow("ycck-adobe.jpg")
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(rgb, f"exif-{orientation}.jpg", quality=70, exif=exif)

# PNG
save(rgb, "rgb.png")
save(rgb.convert("L"), "grey.png")
save(rgb.convert("1"), "one-bit.png")
save(rgb.quantize(16), "palette.png")
exif = Image.Exif()
exif[0x0112] = 6
save(rgb, "exif-6.png", exif=exif)
Image.fromarray(np.dstack([smooth, alpha]), "RGBA").save("rgba.png")
expect("rgba.png", over_white(smooth, alpha))
grey = smooth[..., :1]
Image.fromarray(np.dstack([grey, alpha]), "LA").save("grey-alpha.png")
expect("grey-alpha.png", np.repeat(over_white(grey, alpha), 3, axis=2))
deep = (smooth.astype(np.uint16) * 256 + alpha[..., None]).astype(">u2")
png("rgb-16.png", 16, 2, deep)
expect("rgb-16.png", smooth)
grey16 = deep[..., 0]
png("grey-16.png", 16, 0, grey16)
expect("grey-16.png", np.repeat((grey16.astype(int)[..., None] * 255 + 32767) // 65535, 3, axis=2))
trns = b"tRNS" + struct.pack(">HHH", 220, 40, 60)
png("rgb-trns.png", 8, 2, smooth, struct.pack(">I", 6) + trns + struct.pack(">I", zlib.crc32(trns)))
white = smooth.copy()
white[8:16, 10:22] = 255
expect("rgb-trns.png", white)

# Others
save(rgb, "rgb.bmp")
save(rgb.quantize(8), "palette.gif")
save(rgb, "lzw.tif", compression="tiff_lzw")
save(rgb.convert("L"), "grey.tif")
save(rgb.convert("1"), "fax.tif", compression="group4")
rgb.save("turned.tif", tiffinfo={0x0112: 8})
expect("turned.tif", np.rot90(smooth))  # Pillow 9.4 turns a TIFF twice
clear = rgb.quantize(8)
clear.save("clear.gif", transparency=clear.getpixel((12, 10)))
mask = np.asarray(clear) == clear.getpixel((12, 10))
shown = np.asarray(clear.convert("RGB")).copy()
shown[mask] = 255
expect("clear.gif", shown)

open("expected.csv", "w").write("\n".join(expected) + "\n")
