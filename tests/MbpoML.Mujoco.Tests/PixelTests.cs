using MbpoML.Environments.Drawing;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Mujoco.Tests;

/// <summary>Environments are observed as pictures of MuJoCo's renderer, from a camera of one's choice.</summary>
public class PixelTests
{
    private const int Size = 32;

    private static double[] Frame(PixelEnvironment environment, double[]? positions = null)
    {
        var frame = new double[environment.ObservationSpace.Size];
        environment.Reset(1, frame);
        if (positions is null) return frame;
        var inner = (MujocoEnvironment)environment.Inner;
        inner.StartFrom(positions, new double[inner.Model.VelocitySize], new double[inner.ObservationSpace.Size]);
        var canvas = new Canvas(Size, Size, gray: frame.Length == Size * Size);
        inner.Draw(canvas);
        canvas.CopyTo(frame);
        return frame;
    }

    private static int Different(double[] one, double[] other) => one.Zip(other).Count(pair => Math.Abs(pair.First - pair.Second) > 20);

    [Test]
    public void The_picture_is_that_of_the_renderer_with_thin_parts_in_it()
    {
        using var environment = MujocoTasks.DmcCartPoleSwingUp.Create();
        using var renderer = environment.CreateRenderer(4 * Size, 4 * Size);
        using var pixels = MujocoTasks.DmcCartPoleSwingUp.Create().WithPixels(Size, Size, gray: false);
        var (observation, frame, rgb) = (new double[5], new double[3 * Size * Size], new byte[16 * 3 * Size * Size]);
        environment.Reset(4, observation);
        pixels.Reset(4, frame);
        for (var step = 0; step < 5; step++)
        {
            Assert.That(pixels.Step([1], frame), Is.EqualTo(environment.Step([1], observation)));
            renderer.Render(rgb);
            for (var pixel = 0; pixel < Size * Size; pixel++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var (row, column) = (pixel / Size, pixel % Size);
                    var mean = Enumerable.Range(0, 16).Average(
                        part => rgb[(3 * ((((4 * row) + (part / 4)) * 4 * Size) + (4 * column) + (part % 4))) + channel]);
                    if (frame[(channel * Size * Size) + pixel] != Math.Floor(mean + 0.5))
                        Assert.Fail($"step {step}, row {row}, column {column}, channel {channel}: {frame[(channel * Size * Size) + pixel]}, but {mean}");
                }
        }
    }

    // The picture is 2 · 4 tan 22.5° = 3.3 m high and wide at the rail.
    [TestCase(0)]
    [TestCase(-1.1)]
    [TestCase(0.73)]
    public void The_pole_and_the_cart_are_seen_where_they_are(double position)
    {
        using var pixels = MujocoTasks.DmcCartPoleSwingUp.Create().WithPixels(Size, Size, gray: false);
        var (up, down) = (Body(Frame(pixels, [position, 0])), Body(Frame(pixels, [position, Math.PI])));
        var expected = (Size / 2) + (position * Size / (8 * Math.Tan(Math.PI / 8)));
        Assert.Multiple(() =>
        {
            Assert.That(up.Average(pixel => pixel.Column), Is.EqualTo(expected).Within(0.6));
            Assert.That(down.Average(pixel => pixel.Column), Is.EqualTo(expected).Within(0.6));
            Assert.That(up.Min(pixel => pixel.Row), Is.EqualTo(6), "the tip is a metre above the rail");
            Assert.That(down.Max(pixel => pixel.Row), Is.EqualTo(25), "and a metre below it");
        });
    }

    // What is orange: cart and pole.
    private static List<(double Row, double Column)> Body(double[] frame) => [.. Enumerable.Range(0, Size * Size)
        .Where(pixel => frame[pixel] - frame[(2 * Size * Size) + pixel] > 5).Select(pixel => ((double)(pixel / Size), (pixel % Size) + 0.5))];

    [Test]
    public void Other_cameras_see_something_else()
    {
        MujocoCamera[] cameras =
        [
            MujocoCamera.OfModel("fixed"), MujocoCamera.OfModel("lookatcart"), MujocoCamera.At(0, 0, 1, 6, azimuth: 45),
            MujocoCamera.Following("cart", 1, 2),
        ];
        using var own = MujocoTasks.DmcCartPoleSwingUp.Create().WithPixels(Size, Size);
        var frames = cameras.Select(camera =>
        {
            using var pixels = MujocoTasks.DmcCartPoleSwingUp.Create().WithPixels(Size, Size, camera);
            return Frame(pixels, [0.7, 2]);
        }).ToArray();
        Assert.That(Different(Frame(own, [0.7, 2]), frames[0]), Is.Zero, "the task's own camera is the model's");
        for (var one = 0; one < frames.Length; one++)
            for (var other = 0; other < one; other++)
                Assert.That(Different(frames[one], frames[other]), Is.GreaterThan(50), $"{cameras[one]} and {cameras[other]}");
    }

    [Test]
    public void A_camera_that_follows_sees_the_same_body_elsewhere()
    {
        using var environment = MujocoTasks.DmcCartPoleSwingUp.Create();
        Assert.That(environment.Camera, Is.Null);
        environment.Camera = MujocoCamera.Following("cart", 1.2, 3, elevation: 0);
        using var pixels = environment.WithPixels(Size, Size, gray: false);
        var columns = new[] { -1.2, 1.2 }.Select(position => Body(Frame(pixels, [position, 0])).Average(pixel => pixel.Column));
        Assert.That(columns, Is.All.EqualTo(Size / 2).Within(0.6));
        environment.Camera = null;
        Assert.That(Body(Frame(pixels, [1.2, 0])).Average(pixel => pixel.Column), Is.GreaterThan(25));
    }

    [Test]
    public void Sizes_that_cannot_be_drawn_are_refused_before_the_first_frame()
    {
        using var environment = MujocoTasks.DmcCartPoleSwingUp.Create();
        var camera = MujocoCamera.At(0, 0, 1, 3);
        Assert.Multiple(() =>
        {
            Assert.That(() => environment.WithPixels(3, 32, camera), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("height"));
            Assert.That(() => environment.WithPixels(32, 4097, camera), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("width"));
        });
    }

    [Test]
    public void Cameras_that_cannot_be_are_refused_by_name()
    {
        using var environment = MujocoTasks.DmcCartPoleSwingUp.Create();
        Assert.Multiple(() =>
        {
            Assert.That(() => environment.WithPixels(Size, Size, MujocoCamera.OfModel("fixt")),
                Throws.ArgumentException.With.Message.Contains("no camera named 'fixt'").And.Message.Contains("fixed"));
            Assert.That(() => environment.Camera = MujocoCamera.Following("wagon", 1, 2),
                Throws.ArgumentException.With.Message.Contains("no body named 'wagon'"));
            Assert.That(() => MujocoCamera.At(0, 0, double.NaN, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("z must"));
            Assert.That(() => MujocoCamera.At(0, 0, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("distance"));
            Assert.That(() => MujocoCamera.Following("cart", 1, -2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("distance"));
            Assert.That(() => MujocoCamera.Following("", 1, 2), Throws.ArgumentException.With.Message.Contains("body"));
            Assert.That(() => MujocoCamera.OfModel(null!), Throws.ArgumentNullException.With.Message.Contains("name"));
            Assert.That(() => environment.WithPixels(Size, Size, null!), Throws.ArgumentNullException.With.Message.Contains("camera"));
            Assert.That(() => ((MujocoEnvironment)null!).WithPixels(Size, Size, MujocoCamera.OfModel("fixed")),
                Throws.ArgumentNullException.With.Message.Contains("environment"));
            Assert.That(() => environment.Draw(null!), Throws.ArgumentNullException.With.Message.Contains("canvas"));
            Assert.That(() => environment.Draw(new Canvas(3, 8)),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("height must be between 4"));
        });
        using var legged = MujocoTasks.Hopper.Create();
        Assert.That(() => legged.Camera = MujocoCamera.OfModel("track"), Throws.ArgumentException.With.Message.Contains("none at all"));
        environment.Dispose();
        Assert.That(() => environment.Draw(new Canvas(Size, Size)), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => environment.Camera = null, Throws.InstanceOf<ObjectDisposedException>());
    }
}
