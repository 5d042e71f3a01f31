using MbpoML.Environments;
using MbpoML.Environments.Drawing;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Mujoco.Tests;

/// <summary>Environments are observed as pictures of MuJoCo's renderer, from a camera of one's choice.</summary>
public class PixelTests
{
    private const int Size = 32;

    private static double[] Frame(IEnvironment environment, double[]? positions = null)
    {
        var frame = new double[environment.ObservationSpace.Size];
        environment.Reset(1, frame);
        if (positions is null) return frame;
        var inner = (MujocoEnvironment)((EnvironmentWrapper)environment).Inner;
        inner.StartFrom(positions, new double[inner.Model.VelocitySize], new double[inner.ObservationSpace.Size]);
        var canvas = new Canvas(Size, Size, gray: frame.Length == Size * Size);
        inner.Draw(canvas);
        canvas.CopyTo(frame);
        return frame;
    }

    private static int Different(double[] one, double[] other) => one.Zip(other).Count(pair => Math.Abs(pair.First - pair.Second) > 20);

    [Test]
    public void The_picture_is_that_of_the_renderer()
    {
        using var environment = MujocoTasks.DmcCartPoleSwingUp.Create();
        using var renderer = environment.CreateRenderer(Size, Size);
        using var pixels = MujocoTasks.DmcCartPoleSwingUp.Create().WithPixels(Size, Size, gray: false);
        var (observation, frame, rgb) = (new double[5], new double[3 * Size * Size], new byte[3 * Size * Size]);
        environment.Reset(4, observation);
        pixels.Reset(4, frame);
        for (var step = 0; step < 5; step++)
        {
            Assert.That(pixels.Step([1], frame), Is.EqualTo(environment.Step([1], observation)));
            renderer.Render(rgb);
            var expected = Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, Size * Size).Select(pixel => (double)rgb[(3 * pixel) + channel]));
            Assert.That(frame, Is.EqualTo(expected));
        }
    }

    [Test]
    public void The_pole_and_the_cart_are_seen_where_they_are()
    {
        using var pixels = MujocoTasks.DmcCartPoleSwingUp.Create().WithPixels(Size, Size);
        var up = Frame(pixels, [0, 0]);
        Assert.That(Different(up, Frame(pixels, [0, Math.PI])), Is.GreaterThan(20), "the pole");
        var (left, right) = (Frame(pixels, [-1, 0]), Frame(pixels, [1, 0]));
        // The camera stands in the middle, so that one is the other's mirror image, but for the light.
        var mirrored = Enumerable.Range(0, Size * Size).Select(pixel => left[(pixel / Size * Size) + Size - 1 - (pixel % Size)]).ToArray();
        Assert.That((Different(left, right), Different(mirrored, right)), Is.EqualTo((40, 0)).Using<(int, int)>((a, b) => a.Item1 > 20 && a.Item2 < 15));
    }

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
        using var pixels = environment.WithPixels(Size, Size);
        Assert.That(Different(Frame(pixels, [-1.2, 0.4]), Frame(pixels, [1.2, 0.4])), Is.LessThan(60));
        environment.Camera = null;
        Assert.That(Different(Frame(pixels, [-1.2, 0.4]), Frame(pixels, [1.2, 0.4])), Is.GreaterThan(60));
    }

    [Test]
    public void Cameras_that_cannot_be_are_refused_by_name()
    {
        using var environment = MujocoTasks.DmcCartPoleSwingUp.Create();
        Assert.Multiple(() =>
        {
            Assert.That(() => environment.WithPixels(Size, Size, MujocoCamera.OfModel("fixt")),
                Throws.ArgumentException.With.Message.Contains("no camera named 'fixt'").And.Message.Contains("fixed"));
            Assert.That(() => environment.Camera = MujocoCamera.Following("wagon", 1, 2), Throws.ArgumentException.With.Message.Contains("no body named 'wagon'"));
            Assert.That(() => MujocoCamera.At(0, 0, double.NaN, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("z must"));
            Assert.That(() => MujocoCamera.At(0, 0, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("distance"));
            Assert.That(() => MujocoCamera.Following("cart", 1, -2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("distance"));
            Assert.That(() => MujocoCamera.Following("", 1, 2), Throws.ArgumentException.With.Message.Contains("body"));
            Assert.That(() => MujocoCamera.OfModel(null!), Throws.ArgumentNullException.With.Message.Contains("name"));
            Assert.That(() => environment.WithPixels(Size, Size, null!), Throws.ArgumentNullException.With.Message.Contains("camera"));
            Assert.That(() => ((MujocoEnvironment)null!).WithPixels(Size, Size, MujocoCamera.OfModel("fixed")),
                Throws.ArgumentNullException.With.Message.Contains("environment"));
            Assert.That(() => environment.Draw(null!), Throws.ArgumentNullException.With.Message.Contains("canvas"));
            Assert.That(() => environment.Draw(new Canvas(8, 8)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("16"));
        });
        using var legged = MujocoTasks.Hopper.Create();
        Assert.That(() => legged.Camera = MujocoCamera.OfModel("track"), Throws.ArgumentException.With.Message.Contains("none at all"));
        environment.Dispose();
        Assert.That(() => environment.Draw(new Canvas(Size, Size)), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => environment.Camera = null, Throws.InstanceOf<ObjectDisposedException>());
    }
}
