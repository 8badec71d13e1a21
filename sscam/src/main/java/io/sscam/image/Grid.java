package io.sscam.image;

import io.sscam.nets.Resize;
import io.sscam.nets.RgbImage;
import java.util.ArrayList;
import java.util.List;

/** Several pictures in rows and columns, each with its label: the input and every method's map. */
public final class Grid {
  private static final int LONGEST_CELL = 400;
  private static final int MIN_COLUMNS = 20;

  private Grid() {}

  /**
   * One field.
   *
   * @param label above the picture, bold: the method
   * @param detail below the label, pale; may be empty
   * @param picture scaled to the cell, aspect kept
   */
  public record Cell(String label, String detail, RgbImage picture) {}

  /**
   * Draws the fields from left to right and top to bottom.
   *
   * @param title above all fields
   * @param columns fields a row, at least 1
   * @param map its colour bar stands beside the title
   * @throws IllegalArgumentException if there is no field or no column
   */
  public static RgbImage render(String title, List<Cell> cells, int columns, ColourMap map) {
    if (cells.isEmpty() || columns < 1) {
      throw new IllegalArgumentException("a grid has at least one field and one column");
    }
    return new Layout(title, cells, Math.min(columns, cells.size()), map).draw();
  }

  private static RgbImage fit(RgbImage picture) {
    int longSide = Math.max(picture.width(), picture.height());
    if (longSide <= LONGEST_CELL) {
      return picture;
    }
    double factor = (double) LONGEST_CELL / longSide;
    return Resize.resize(
        picture,
        (int) Math.max(1, Math.round(picture.width() * factor)),
        (int) Math.max(1, Math.round(picture.height() * factor)));
  }

  /** Where everything stands, in pixels. */
  private static final class Layout {
    private static final int MARGIN = 14;
    private static final int BAR_WIDTH = 110;
    private static final int BAR_HEIGHT = 12;
    private static final int LINE = BitmapFont.HEIGHT;

    private final List<Cell> cells;
    private final List<RgbImage> pictures = new ArrayList<>();
    private final int columns;
    private final ColourMap map;
    private final List<String> title;
    private final int cellWidth;
    private final int cellHeight;
    private final int labelHeight;
    private final int width;

    Layout(String title, List<Cell> cells, int columns, ColourMap map) {
      this.cells = cells;
      this.columns = columns;
      this.map = map;
      int widest = MIN_COLUMNS * BitmapFont.WIDTH;
      int tallest = 1;
      boolean details = false;
      for (Cell cell : cells) {
        RgbImage picture = fit(cell.picture());
        pictures.add(picture);
        widest = Math.max(widest, picture.width());
        tallest = Math.max(tallest, picture.height());
        details |= !cell.detail().isEmpty();
      }
      this.cellWidth = widest;
      this.cellHeight = tallest;
      this.labelHeight = (details ? 2 : 1) * LINE + 4;
      int inner = columns * cellWidth + (columns - 1) * MARGIN;
      this.width = inner + 2 * MARGIN;
      this.title = BitmapFont.wrap(title, inner / BitmapFont.WIDTH);
    }

    RgbImage draw() {
      boolean barFits = width >= BitmapFont.width(title.get(0), 1) + BAR_WIDTH + 6 * MARGIN;
      int titleBottom = MARGIN + title.size() * LINE + (barFits ? 0 : LINE + 4);
      int rows = (cells.size() + columns - 1) / columns;
      int rowHeight = labelHeight + cellHeight + MARGIN;
      Canvas canvas = new Canvas(width, titleBottom + MARGIN + rows * rowHeight);
      canvas.boldLines(title, MARGIN, MARGIN, 1, Canvas.INK);
      bar(canvas, barFits ? MARGIN : titleBottom - LINE);
      for (int i = 0; i < cells.size(); i++) {
        int x = MARGIN + i % columns * (cellWidth + MARGIN);
        cell(canvas, i, x, titleBottom + MARGIN + i / columns * rowHeight);
      }
      return canvas.toImage();
    }

    private void bar(Canvas canvas, int y) {
      int left = width - MARGIN - BAR_WIDTH - 2 * BitmapFont.WIDTH;
      canvas.text("0", left - 2 * BitmapFont.WIDTH + 4, y, 1, Canvas.INK);
      canvas.colourBar(map, left, y + 1, BAR_WIDTH, BAR_HEIGHT);
      canvas.frame(left, y + 1, BAR_WIDTH, BAR_HEIGHT, 1, Canvas.LINE);
      canvas.text("1", left + BAR_WIDTH + 6, y, 1, Canvas.INK);
    }

    private void cell(Canvas canvas, int index, int x, int y) {
      Cell cell = cells.get(index);
      RgbImage picture = pictures.get(index);
      int fits = cellWidth / BitmapFont.WIDTH;
      canvas.boldText(BitmapFont.cut(cell.label(), fits), x, y, 1, Canvas.INK);
      canvas.text(BitmapFont.cut(cell.detail(), fits), x, y + LINE, 1, Canvas.PALE_INK);
      canvas.draw(picture, x, y + labelHeight);
      canvas.frame(x, y + labelHeight, picture.width(), picture.height(), 1, Canvas.LINE);
    }
  }
}
