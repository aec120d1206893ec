"""Makes the picture fixtures and, beside each, the RGB pixels that Pillow's convert("RGB") gives (<name>.expected.png).

python3 -m venv v && v/bin/pip install pillow==11.3.0 numpy && v/bin/python make.py
EXIF orientation is applied as Hugging Face's load_image does (ImageOps.exif_transpose).
"""
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

HERE = Path(__file__).parent
W, H = 37, 26
y, x = np.mgrid[0:H, 0:W]
RGB = np.stack([x * 255 // (W - 1), y * 255 // (H - 1), ((x * 5) ^ (y * 11)) % 256], -1).astype(np.uint8)
RGB[5:12, 8:20] = (250, 20, 30)
ALPHA = ((x + y) * 4 % 256).astype(np.uint8)
ALPHA[:4] = 0
GRAY = RGB[..., 2]
im = Image.fromarray(RGB)
gray = Image.fromarray(GRAY)


def expected(name):
    opened = Image.open(HERE / name)
    opened.seek(0)
    rgb = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    Image.fromarray(rgb).save(HERE / f"{name}.expected.png", optimize=True)


def save(name, image, **kw):
    image.save(HERE / name, **kw)
    expected(name)


def raw(name, data):
    (HERE / name).write_bytes(data)
    expected(name)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, depth, colour, rows, extra=b"", interlace=0):
    """rows: list of packed bytes."""
    w, h = W, len(rows)
    body = zlib.compress(b"".join(b"\0" + r for r in rows))
    raw(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlace))
        + extra + chunk(b"IDAT", body[:50]) + chunk(b"IDAT", body[50:]) + chunk(b"IEND", b""))


def packed(values, bits):
    out = []
    for row in values:
        b = "".join(format(int(v), f"0{bits}b") for v in row)
        b += "0" * (-len(b) % 8)
        out.append(bytes(int(b[i:i + 8], 2) for i in range(0, len(b), 8)))
    return out


def exif(orientation):
    e = Image.Exif()
    e[0x112] = orientation
    return e


# PNG
rgba = Image.fromarray(np.dstack([RGB, ALPHA]))
la = Image.fromarray(np.dstack([GRAY, ALPHA]))
save("rgb.png", im)
save("rgba.png", rgba)
save("gray.png", gray)
save("gray_alpha.png", la)
pal = im.quantize(60)
save("palette.png", pal)
save("palette_transparent.png", pal, transparency=bytes([0, 128, 255, 7]))
for b in (1, 2, 4):
    png(f"gray{b}.png", b, 0, packed(GRAY >> (8 - b), b))
    png(f"gray{b}_key.png", b, 0, packed(GRAY >> (8 - b), b), chunk(b"tRNS", struct.pack(">H", 1)))
    n = 1 << b
    plte = bytes((i * 37 + c * 91) % 256 for i in range(n) for c in range(3))
    png(f"palette{b}.png", b, 3, packed(GRAY >> (8 - b), b), chunk(b"PLTE", plte))
    png(f"palette{b}_transparent.png", b, 3, packed(GRAY >> (8 - b), b), chunk(b"PLTE", plte) + chunk(b"tRNS", b"\0"))
png("palette_short.png", 8, 3, packed(GRAY, 8), chunk(b"PLTE", bytes((i * 7) % 256 for i in range(300))))
png("gray8_key.png", 8, 0, packed(GRAY, 8), chunk(b"tRNS", struct.pack(">H", int(GRAY[3, 3]))))
png("rgb8_key.png", 8, 2, [r.tobytes() for r in RGB], chunk(b"tRNS", struct.pack(">HHH", 250, 20, 30)))
rng = np.random.default_rng(7)
RGB16 = (RGB.astype(np.uint16) * 257) ^ rng.integers(0, 256, RGB.shape).astype(np.uint16)
GRAY16 = np.where(x < 12, RGB16[..., 0] >> 7, RGB16[..., 1])
png("gray16.png", 16, 0, [r.astype(">u2").tobytes() for r in GRAY16])
png("gray16_key.png", 16, 0, [r.astype(">u2").tobytes() for r in GRAY16], chunk(b"tRNS", struct.pack(">H", 100)))
png("rgb16.png", 16, 2, [r.astype(">u2").tobytes() for r in RGB16])
png("rgb16_key.png", 16, 2, [r.astype(">u2").tobytes() for r in RGB16], chunk(b"tRNS", RGB16[3, 3].astype(">u2").tobytes()))
png("rgba16.png", 16, 6, [r.astype(">u2").tobytes() for r in np.dstack([RGB16, ALPHA.astype(np.uint16) * 257])])
png("gray_alpha16.png", 16, 4, [r.astype(">u2").tobytes() for r in np.dstack([RGB16[..., 0], ALPHA * np.uint16(3)])])


def adam7(name, pixels, colour):
    body = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for r in pixels[y0::dy, x0::dx]:
            body += b"\0" + r.tobytes()
    raw(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 8, colour, 0, 0, 1))
        + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b""))


adam7("interlaced.png", RGB, 2)
adam7("interlaced_gray.png", GRAY, 0)
save("exif3.png", im, exif=exif(3))
xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
data = (HERE / "rgb.png").read_bytes()
raw("xmp6.png", data[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp) + data[33:])
wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
save("icc.png", im, icc_profile=wide)
save("animated.png", im, save_all=True, append_images=[ImageOps.invert(im)])
png("gamma.png", 8, 0, packed(GRAY, 8), chunk(b"gAMA", struct.pack(">I", 100000)))

# JPEG
for name, kw in {"444": dict(subsampling=0), "422": dict(subsampling=1), "420": dict(subsampling=2),
                 "progressive": dict(progressive=True), "low": dict(quality=12), "rgb": dict(keep_rgb=True),
                 "restart": dict(restart_marker_rows=1), "icc": dict(icc_profile=wide)}.items():
    save(f"jpeg_{name}.jpg", im, **{"quality": 88, **kw})
save("jpeg_gray.jpg", gray, quality=90)
for o in range(1, 9):
    save(f"exif{o}.jpg", im, quality=80, exif=exif(o))
save("exif9.jpg", im, quality=80, exif=exif(9))
save("xmp8.jpg", im, quality=80, xmp=xmp.replace(b"6", b"8"))
cmyk_px = np.dstack([255 - RGB, (ALPHA // 2)])
cmyk = Image.fromarray(cmyk_px, "CMYK")
save("jpeg_cmyk.jpg", cmyk, quality=90)


def strip(data, kind):
    """Removes the segments of one marker."""
    out, i = data[:2], 2
    while data[i + 1] != 0xDA:
        n = 2 + struct.unpack(">H", data[i + 2:i + 4])[0]
        if data[i + 1] != kind:
            out += data[i:i + n]
        i += n
    return out + data[i:]


data = (HERE / "jpeg_cmyk.jpg").read_bytes()
at = data.index(b"Adobe") + 11
raw("jpeg_ycck.jpg", data[:at] + b"\x02" + data[at + 1:])
raw("jpeg_cmyk_unmarked.jpg", strip(data, 0xEE))
for s in ("444", "420"):
    data = (HERE / f"jpeg_{s}.jpg").read_bytes()
    raw(f"jpeg_{s}_unmarked.jpg", strip(data, 0xE0))
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0"
    raw(f"jpeg_{s}_adobe0.jpg", data[:2] + adobe + b"\0" + strip(data, 0xE0)[2:])
    raw(f"jpeg_{s}_adobe1.jpg", data[:2] + adobe + b"\1" + strip(data, 0xE0)[2:])
    raw(f"jpeg_{s}_jfif_adobe0.jpg", data[:20] + adobe + b"\0" + data[20:])

# GIF
save("palette.gif", pal)
save("transparent.gif", pal, transparency=int(np.asarray(pal)[8, 10]))
save("interlaced.gif", pal, interlace=1)
save("gray.gif", gray)
save("animated.gif", pal, save_all=True, append_images=[pal.transpose(Image.Transpose.FLIP_LEFT_RIGHT)], duration=50)
data = bytearray((HERE / "transparent.gif").read_bytes())
data[6:10] = struct.pack("<HH", W + 9, H + 6)
i = data.index(b"\x2c\0\0\0\0" + struct.pack("<HH", W, H))
data[i + 1:i + 5] = struct.pack("<HH", 4, 3)
raw("offset_transparent.gif", bytes(data))
data = bytearray((HERE / "palette.gif").read_bytes())
i = data.index(b"\x2c\0\0\0\0" + struct.pack("<HH", W, H))
data[i + 1:i + 5] = struct.pack("<HH", 5, 2)
raw("offset_beyond.gif", bytes(data))

# BMP
save("rgb.bmp", im)
save("palette.bmp", pal)
save("gray.bmp", gray)
save("bilevel.bmp", gray.convert("1"))
save("rgba.bmp", rgba)
p16 = (RGB[..., 0].astype(np.uint16) >> 3 << 10) | (RGB[..., 1].astype(np.uint16) >> 3 << 5) | (RGB[..., 2] >> 3)


def bmp(name, bits, compression, body, masks=b"", top_down=False):
    head = struct.pack("<IiiHHIIiiII", 40, W, -H if top_down else H, 1, bits, compression, len(body), 0, 0, 0, 0) + masks
    raw(name, b"BM" + struct.pack("<IHHI", 14 + len(head) + len(body), 0, 0, 14 + len(head)) + head + body)


def lines(a, bottom_up=True):
    return b"".join(r.tobytes() + b"\0" * (-len(r.tobytes()) % 4) for r in (a[::-1] if bottom_up else a))


bmp("rgb555.bmp", 16, 0, lines(p16.astype("<u2")))
p565 = (RGB[..., 0].astype(np.uint16) >> 3 << 11) | (RGB[..., 1].astype(np.uint16) >> 2 << 5) | (RGB[..., 2] >> 3)
bmp("rgb565.bmp", 16, 3, lines(p565.astype("<u2")), struct.pack("<III", 0xF800, 0x7E0, 0x1F))
bmp("top_down.bmp", 24, 0, lines(RGB[..., ::-1].copy(), False), top_down=True)
bmp("rgbx.bmp", 32, 0, lines(np.dstack([RGB[..., ::-1], ALPHA])))

# WebP
save("lossless.webp", im, lossless=True)
save("lossless_alpha.webp", rgba, lossless=True, exact=True)
save("lossy.webp", im, quality=80)
save("lossy_alpha.webp", rgba, quality=80, exact=True)
save("lossy_icc.webp", im, quality=80, icc_profile=wide)
photo = Image.open(HERE / "../goldens/llava15/images/photo_200x150.jpg").convert("RGB")
for q in (5, 30, 60):
    save(f"photo{q}.webp", photo, quality=q, method=6)
save("photo_odd.webp", photo.crop((3, 5, 160, 104)), quality=45, method=0)
save("lossy_one.webp", photo.crop((50, 50, 51, 51)), quality=50)
save("animated_lossy.webp", photo, quality=40, save_all=True, append_images=[ImageOps.invert(photo)], duration=40)
# What Pillow does not ask for: WebPEncode of libwebp 1.2.4 with 8 partitions and the simple filter, and with 2
# partitions and sharpness 6. Both have segments.
expected("lossy_simple.webp")
expected("lossy_sharp.webp")
save("exif6.webp", im, lossless=True, exif=exif(6))
save("animated.webp", im, lossless=True, save_all=True, append_images=[ImageOps.invert(im)], duration=40)

# TIFF
for c in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
    save(f"rgb_{c}.tif", im, compression=c)
save("rgba.tif", rgba)
save("gray.tif", gray)
save("gray_alpha.tif", la)
save("bilevel.tif", gray.convert("1"))
save("bilevel_g4.tif", gray.convert("1"), compression="group4")
save("palette.tif", pal)
save("gray16.tif", Image.fromarray(GRAY16.astype(np.uint16)))
save("gray32.tif", Image.fromarray(GRAY16.astype(np.int32) - 50))
save("cmyk.tif", cmyk)
save("jpeg.tif", im, compression="jpeg", quality=85)
save("exif5.tif", im, tiffinfo={274: 5})
save("icc.tif", im, icc_profile=wide)
save("pages.tif", im, save_all=True, append_images=[ImageOps.invert(im)])
save("white_is_zero.tif", gray, tiffinfo={262: 0})
save("big_endian16.tif", Image.fromarray(GRAY16.astype(">u2")))
