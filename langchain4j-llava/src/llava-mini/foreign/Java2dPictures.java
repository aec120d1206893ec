import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * Pictures drawn with Java2D, as a Java program would, and questions about them: nothing of it was seen in training.
 * {@code java Java2dPictures.java OUT} writes OUT/questions.jsonl (as heldout.py does) and the pictures.
 */
class Java2dPictures {

  private static final Map<String, Color> COLORS = new LinkedHashMap<>();
  private static final List<String> SHAPES = List.of("circle", "square", "triangle", "rectangle", "star", "diamond");
  private static final List<String> WORDS = List.of(
      "Submit", "Cancel", "Invoice", "Warning", "Settings", "Monday", "Password", "Download", "Continue", "Receipt",
      "Total", "Search", "Profile", "January", "Offline", "Delete", "Update", "Welcome", "Order", "Finish");
  private static final int EACH = 10;

  static {
    COLORS.put("red", Color.RED);
    COLORS.put("green", new Color(0, 160, 0));
    COLORS.put("blue", Color.BLUE);
    COLORS.put("yellow", Color.YELLOW);
    COLORS.put("orange", new Color(255, 140, 0));
    COLORS.put("purple", new Color(128, 0, 128));
    COLORS.put("pink", Color.PINK);
    COLORS.put("brown", new Color(139, 69, 19));
    COLORS.put("black", Color.BLACK);
    COLORS.put("gray", Color.GRAY);
  }

  private final Path out;
  private final Random random = new Random(7);
  private final List<String> lines = new ArrayList<>();
  private int pictures;

  Java2dPictures(Path out) {
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Java2dPictures program = new Java2dPictures(Path.of(args[0]));
    Files.createDirectories(program.out.resolve("images"));
    for (int i = 0; i < EACH; i++) {
      program.one();
      program.several();
      program.sides();
      program.text();
      program.window();
      program.invoice();
      program.error();
      program.two();
    }
    Files.write(program.out.resolve("questions.jsonl"), program.lines);
  }

  private void one() throws IOException {
    String color = color();
    String shape = any(SHAPES);
    BufferedImage image = canvas(400, 300, Color.WHITE);
    draw(image, shape, color, 120 + random.nextInt(160), 110 + random.nextInt(80), 50 + random.nextInt(40));
    String file = save(image);
    ask("colour", file, "What color is the " + shape + "?", color);
    ask("shape", file, "Which shape is in the picture?", shape);
    ask("yesno", file, "Is there a " + shape + "?", "yes");
    ask("yesno", file, "Is the " + shape + " " + (color.equals("red") ? "blue" : "red") + "?", "no");
  }

  private void several() throws IOException {
    int count = 2 + random.nextInt(4);
    String shape = any(SHAPES);
    BufferedImage image = canvas(600, 400, new Color(240, 240, 240));
    for (int i = 0; i < count; i++) {
      draw(image, shape, color(), 100 + 200 * (i % 3), 110 + 180 * (i / 3), 45 + random.nextInt(20));
    }
    String file = save(image);
    ask("count", file, "How many shapes are there?", Integer.toString(count));
    ask("count", file, "How many " + shape + "s are in the picture?", Integer.toString(count));
  }

  private void sides() throws IOException {
    List<String> shapes = new ArrayList<>(SHAPES);
    java.util.Collections.shuffle(shapes, random);
    boolean across = random.nextBoolean();
    BufferedImage image = canvas(across ? 480 : 300, across ? 240 : 440, Color.WHITE);
    String first = color();
    String second = color();
    draw(image, shapes.get(0), first, across ? 120 : 150, across ? 120 : 110, 60);
    draw(image, shapes.get(1), second, across ? 360 : 150, across ? 120 : 330, 60);
    String file = save(image);
    ask("relation", file, "Where is the " + shapes.get(0) + " relative to the " + shapes.get(1) + "?", across ? "left" : "above");
    ask("relation", file, "Where is the " + shapes.get(1) + " relative to the " + shapes.get(0) + "?", across ? "right" : "below");
    ask("colour", file, "What color is the " + shapes.get(1) + "?", second);
  }

  private void text() throws IOException {
    String word = any(WORDS);
    int number = 100 + random.nextInt(900);
    BufferedImage a = canvas(300, 100, Color.WHITE);
    print(a, word, 30, 65, 44, Font.PLAIN, Color.BLACK);
    ask("word", save(a), "What word is printed?", word);
    BufferedImage b = canvas(200, 120, new Color(20, 40, 80));
    print(b, Integer.toString(number), 50, 78, 50, Font.BOLD, Color.WHITE);
    ask("number", save(b), "What number is printed?", Integer.toString(number));
  }

  private void window() throws IOException {
    String heading = any(WORDS);
    String label = any(WORDS);
    BufferedImage image = canvas(480, 320, new Color(238, 238, 238));
    print(image, heading, 30, 66, 44, Font.BOLD, Color.BLACK);
    Graphics2D g = graphics(image);
    g.setColor(new Color(33, 100, 243));
    int width = g.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 36)).stringWidth(label) + 50;
    g.fillRoundRect(30, 200, width, 70, 16, 16);
    g.dispose();
    print(image, label, 55, 247, 36, Font.PLAIN, Color.WHITE);
    String file = save(image);
    ask("heading", file, "What is the heading?", heading);
    ask("button", file, "What does the button say?", label);
    ask("yesno", file, "Is there a button?", "yes");
  }

  private void invoice() throws IOException {
    int total = 100 + random.nextInt(900);
    BufferedImage image = canvas(480, 320, Color.WHITE);
    print(image, "Invoice", 30, 62, 42, Font.BOLD, Color.BLACK);
    print(image, "Order", 30, 140, 32, Font.PLAIN, Color.DARK_GRAY);
    print(image, Integer.toString(10 + random.nextInt(80)), 340, 140, 32, Font.PLAIN, Color.DARK_GRAY);
    Graphics2D g = graphics(image);
    g.setColor(Color.BLACK);
    g.drawLine(30, 190, 450, 190);
    g.dispose();
    print(image, "Total", 30, 245, 36, Font.BOLD, Color.BLACK);
    print(image, Integer.toString(total), 340, 245, 36, Font.BOLD, Color.BLACK);
    ask("total", save(image), "What is the total?", Integer.toString(total));
  }

  private void error() throws IOException {
    int code = 100 + random.nextInt(900);
    BufferedImage image = canvas(480, 300, new Color(250, 250, 250));
    print(image, "Error", 40, 80, 48, Font.BOLD, new Color(190, 0, 0));
    print(image, "Code: " + code, 40, 170, 40, Font.PLAIN, Color.BLACK);
    ask("errorcode", save(image), "What is the error code?", Integer.toString(code));
  }

  private void two() throws IOException {
    List<String> files = new ArrayList<>();
    List<String> colors = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      BufferedImage image = canvas(200, 200, Color.WHITE);
      colors.add(color());
      draw(image, any(SHAPES), colors.get(i), 100, 100, 65);
      files.add(save(image));
    }
    int which = random.nextInt(2);
    lines.add(line("two", files, "What color is the shape in the " + (which == 0 ? "first" : "second") + " picture?", colors.get(which)));
  }

  private String color() {
    return any(List.copyOf(COLORS.keySet()));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static BufferedImage canvas(int width, int height, Color background) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(background);
    g.fillRect(0, 0, width, height);
    g.dispose();
    return image;
  }

  private static Graphics2D graphics(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setStroke(new BasicStroke(2));
    return g;
  }

  private static void print(BufferedImage image, String text, int x, int y, int size, int style, Color color) {
    Graphics2D g = graphics(image);
    g.setFont(new Font(Font.SANS_SERIF, style, size));
    g.setColor(color);
    g.drawString(text, x, y);
    g.dispose();
  }

  private static void draw(BufferedImage image, String shape, String color, int x, int y, int r) {
    Graphics2D g = graphics(image);
    g.setColor(COLORS.get(color));
    g.fill(outline(shape, x, y, r));
    g.dispose();
  }

  private static Shape outline(String shape, int x, int y, int r) {
    return switch (shape) {
      case "circle" -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
      case "square" -> new Rectangle2D.Double(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
      case "rectangle" -> new Rectangle2D.Double(x - r, y - 0.5 * r, 2 * r, r);
      case "triangle" -> new Polygon(new int[] {x, x + r, x - r}, new int[] {y - r, y + r, y + r}, 3);
      case "diamond" -> new Polygon(new int[] {x, x + r, x, x - r}, new int[] {y - r, y, y + r, y}, 4);
      default -> {
        Path2D star = new Path2D.Double();
        for (int i = 0; i < 10; i++) {
          double radius = i % 2 == 0 ? r : 0.42 * r;
          double angle = Math.PI * i / 5;
          if (i == 0) {
            star.moveTo(x, y - radius);
          } else {
            star.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
          }
        }
        star.closePath();
        yield star;
      }
    };
  }

  private String save(BufferedImage image) throws IOException {
    String file = "images/%03d.png".formatted(pictures++);
    ImageIO.write(image, "png", out.resolve(file).toFile());
    return file;
  }

  private void ask(String family, String file, String question, String answer) {
    lines.add(line(family, List.of(file), question, answer));
  }

  private static String line(String family, List<String> files, String question, String answer) {
    String images = files.stream().map(f -> '"' + f + '"').collect(Collectors.joining(", "));
    return "{\"family\": \"%s\", \"images\": [%s], \"turns\": [\"%s\"], \"answers\": [\"%s\"]}"
        .formatted(family, images, question, answer);
  }
}
