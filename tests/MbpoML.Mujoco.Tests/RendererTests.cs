using MbpoML.Tests;

namespace MbpoML.Mujoco.Tests;

public class RendererTests
{
    private const int SomePixels = Picture.Width * Picture.Height / 200;

    [TestCaseSource(typeof(MujocoTasks), nameof(MujocoTasks.All))]
    public void A_picture_shows_the_body_and_what_it_does(MujocoTask task)
    {
        using var environment = task.Create();
        using var renderer = environment.CreateRenderer(Picture.Width, Picture.Height);
        var observation = new double[task.ObservationSize];
        environment.Reset(1, observation);
        var first = Picture.Of(renderer);
        var action = Enumerable.Repeat(1.0, task.ActionSize).ToArray();
        for (var step = 0; step < 20; step++) environment.Step(action, observation);
        Assert.That(first.ColoredPixels, Is.GreaterThan(SomePixels), "coloured pixels");
        Assert.That(Picture.Of(renderer).PixelsOtherThan(first), Is.GreaterThan(SomePixels), "pixels that changed");
    }

    [Test]
    public void The_camera_follows_the_body_over_the_ground()
    {
        using var environment = MujocoTasks.HalfCheetah.Create();
        using var renderer = environment.CreateRenderer(Picture.Width, Picture.Height);
        var (positions, observation) = (new double[9], new double[17]);
        environment.StartFrom(positions, new double[9], observation);
        var here = Picture.Of(renderer);
        positions[0] = 30;
        environment.StartFrom(positions, new double[9], observation);
        Assert.That(Picture.Of(renderer).ColoredPixels, Is.EqualTo(here.ColoredPixels).Within(10).Percent);
    }

    [Test]
    public void Drawing_does_not_change_the_episode()
    {
        using var watched = MujocoTasks.Ant.Create();
        using var alone = MujocoTasks.Ant.Create();
        using var renderer = watched.CreateRenderer(Picture.Width, Picture.Height);
        var (first, second, action) = (new double[27], new double[27], new double[8]);
        watched.Reset(1, first);
        alone.Reset(1, second);
        for (var step = 0; step < 30; step++)
        {
            Picture.Of(renderer);
            action[step % 8] = Math.Sin(step);
            Assert.That(watched.Step(action, first), Is.EqualTo(alone.Step(action, second)));
            Assert.That(first, Is.EqualTo(second));
        }
    }

    // EGL finds its drivers through this variable, which has to be set before the process starts.
    [Test]
    public void Without_a_driver_for_EGL_the_processor_draws()
    {
        var child = ChildProcess.Dotnet([typeof(Picture).Assembly.Location, "picture", "Hopper"],
            environment: new Dictionary<string, string> { ["__EGL_VENDOR_LIBRARY_DIRS"] = "/nowhere" });
        Assert.That(child.Output, Does.Match("^OSMesa: [1-9][0-9]{2,} pixels$"), child.Errors);
    }

    [TestCase(15, 100)]
    [TestCase(100, 5000)]
    public void A_size_that_cannot_be_drawn_is_refused(int width, int height)
    {
        using var environment = MujocoTasks.InvertedPendulum.Create();
        Assert.That(() => environment.CreateRenderer(width, height), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_buffer_of_another_size_and_disposed_objects_are_refused()
    {
        var environment = MujocoTasks.InvertedPendulum.Create();
        var renderer = environment.CreateRenderer(Picture.Width, Picture.Height);
        Assert.That(() => renderer.Render(new byte[10]), Throws.ArgumentException.With.Message.Contains("57600"));
        environment.Dispose();
        Assert.That(() => Picture.Of(renderer), Throws.InstanceOf<ObjectDisposedException>());
        renderer.Dispose();
        renderer.Dispose();
        Assert.That(() => Picture.Of(renderer), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => environment.CreateRenderer(100, 100), Throws.InstanceOf<ObjectDisposedException>());
    }
}
