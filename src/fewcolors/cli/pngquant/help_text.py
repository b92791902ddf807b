"""What --help prints."""

__all__ = ["HELP", "USAGE"]

USAGE = """\
usage:  fewcolors-pngquant [options] [ncolors] -- pngfile [pngfile ...]
        fewcolors-pngquant [options] [ncolors] - >stdout <stdin"""

HELP = f"""\
{USAGE}

pngquant's command line, with fewcolors at work.

options:
  -f, --force            overwrite existing files; --no-force takes it back
  --skip-if-larger       write only what is smaller by as much as it loses quality (status 98)
  -o, --output FILE      where to write; - is standard output
  --ext NEW.PNG          what replaces .png in the names of results
  -Q, --quality MIN-MAX  aim at max, write nothing below min (0 to 100; status 99); N, -N, N- too
  -s, --speed N          1 slow and small, 4 default, 11 fast
  --nofs, --ordered      no dithering; results are called -or8.png
  --floyd[=N]            dithering of this strength, 0 to 1
  --posterize N          colours without their N lowest bits, 0 to 4; still pictures only
  --colors N             the same as ncolors, 2 to 256
  --map FILE.PNG         the colours of this picture
  --strip                leave out texts and resolution
  --transbug             the transparent colour last in the palette; still pictures only
  --iebug                accepted and ignored
  -v, --verbose          report progress; -q, --quiet takes it back
  -V, --version          print the version
  -h, --help             print this help

photo.png becomes photo-fs8.png, or photo-or8.png without dithering."""
