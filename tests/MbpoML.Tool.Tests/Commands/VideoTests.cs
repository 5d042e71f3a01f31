using System.Buffers.Binary;
using System.Text;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

public class VideoTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        var arguments = ToolResult.TinyPendulum(_folder["run"]);
        var result = ToolResult.Of([arguments[0], "Hopper", .. arguments[2..]]);
        Assert.That(result.Code, Is.Zero, result.Errors);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TestCase(".gif", "GIF89a")]
    [TestCase(".webp", "RIFF")]
    public void An_episode_becomes_an_animation(string ending, string beginning)
    {
        var file = _folder[$"film{ending}"];
        var result = ToolResult.Of("video", _folder["run"], "--out", file, "--width", "64", "--height", "48");
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Match(@"^Hopper after 300 steps of training: return \d+\.\d in \d+ steps; wrote .*, \d+ frames"));
            Assert.That(Encoding.ASCII.GetString(File.ReadAllBytes(file)[..beginning.Length]), Is.EqualTo(beginning));
        });
    }

    // 25 frames a second of steps of 0.008 s: a picture every fifth step, and one of the end.
    [Test]
    public void Or_a_picture_of_each_frame()
    {
        var result = ToolResult.Of("video", _folder["run"], "--out", _folder["frames", "x.png"], "--width", "64", "--height", "48", "--steps", "7");
        var pictures = Directory.GetFiles(_folder["frames"]).Order().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(pictures.Select(Path.GetFileName), Is.EqualTo(new[] { "x-0000.png", "x-0001.png", "x-0002.png" }));
            Assert.That(pictures.Select(File.ReadAllBytes).Select(bytes => (Int(bytes, 16), Int(bytes, 20))), Is.All.EqualTo((64, 48)),
                "width and height in the header");
        });

        static int Int(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));
    }

    [TestCase("--out", "x.mp4", "a film's name ends with one of .gif, .webp, .png")]
    [TestCase("--fps", "100", "--fps is 100, but must be from 1 to 50")]
    [TestCase("--width", "8", "--width is 8, but must be from 16 to 4096")]
    [TestCase("--steps", "0", "--steps is 0, but must be at least 1")]
    public void What_cannot_be_filmed_so_is_said(string option, string value, string expected) =>
        ToolResult.Of("video", _folder["run"], option, value).MustFail(ExitCodes.BadArguments, expected);

    [Test]
    public void A_task_that_draws_itself_is_filmed_step_by_step()
    {
        var result = ToolResult.Of(
            "video", TrainedRun.Folder, "--out", _folder["pendulum", "x.png"], "--width", "40", "--height", "30", "--steps", "7");
        var pictures = Directory.GetFiles(_folder["pendulum"]).Order().Select(File.ReadAllBytes).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(pictures, Has.Length.EqualTo(8), "the start and each step");
            Assert.That(pictures.Distinct(new SameBytes()).Count(), Is.GreaterThan(4), "the pendulum moves");
        });
    }

    private sealed class SameBytes : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? first, byte[]? second) => first.AsSpan().SequenceEqual(second);

        public int GetHashCode(byte[] bytes) => bytes.Length;
    }
}
