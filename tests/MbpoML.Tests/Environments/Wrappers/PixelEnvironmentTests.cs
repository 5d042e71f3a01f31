using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Drawing;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Environments.Wrappers;

/// <summary>Tasks that draw themselves are observed as pictures, which show where everything is and repeat bit for bit.</summary>
public class PixelEnvironmentTests
{
    private const int Size = 32;

    private static IEnumerable<Func<AnalyticEnvironment>> Tasks =>
    [
        () => new PendulumEnvironment(), () => new CartPoleSwingUpEnvironment(), () => new CartPoleContinuousEnvironment(),
        () => new MountainCarContinuousEnvironment(), () => new LineEnvironment(),
    ];

    private static IEnumerable<TestCaseData> EachTask => Tasks.Select(make => new TestCaseData(make).SetArgDisplayNames(make().GetType().Name));

    [TestCaseSource(nameof(EachTask))]
    public void A_task_is_seen_as_its_picture_and_otherwise_stays_what_it_is(Func<AnalyticEnvironment> make)
    {
        using var pixels = make().WithPixels(Size, Size);
        using var plain = make();
        var (frame, observation) = (new double[Size * Size], new double[plain.ObservationSpace.Size]);
        var expected = new double[Size * Size];
        pixels.Reset(3, frame);
        plain.Reset(3, observation);
        for (var step = 0; step < 25; step++)
        {
            var canvas = new Canvas(Size, Size);
            plain.Draw(canvas);
            canvas.CopyTo(expected);
            Assert.That(frame, Is.EqualTo(expected), $"step {step}");
            double[] action = [Math.Sin(step) * plain.ActionSpace.High[0]];
            Assert.That(pixels.Step(action, frame), Is.EqualTo(plain.Step(action, observation)));
        }

        Assert.That((pixels.FrameShape, pixels.MaxEpisodeSteps), Is.EqualTo((new FrameShape(1, Size, Size), plain.MaxEpisodeSteps)));
        Assert.That((pixels.ObservationSpace.Size, pixels.ObservationSpace.Low.Distinct(), pixels.ObservationSpace.High.Distinct()),
            Is.EqualTo((Size * Size, new[] { 0.0 }, new[] { 255.0 })));
        Assert.That((pixels.Termination, pixels.Reward, pixels.IsDeterministic), Is.EqualTo(((object?)null, (object?)null, false)));
    }

    // What a step changes is seen, in any state of an episode.
    [TestCaseSource(nameof(EachTask))]
    public void Another_state_is_another_picture(Func<AnalyticEnvironment> make)
    {
        using var task = make();
        var state = new double[task.StateSize];
        task.Reset(2, new double[task.ObservationSpace.Size]);
        var pictures = new HashSet<string>();
        for (var step = 0; step < 25; step++)
        {
            // A point that is pushed back would stand where it stood.
            var action = task is LineEnvironment ? 0.1 : step % 2 == 0 ? task.ActionSpace.High[0] : task.ActionSpace.Low[0];
            task.Step([action], new double[task.ObservationSpace.Size]);
            task.GetState(state);
            Assert.That(pictures.Add(Picture(task)), $"step {step}");
        }
    }

    [Test]
    public void The_pendulum_points_where_its_angle_says()
    {
        using var pendulum = new PendulumEnvironment();
        foreach (var angle in new[] { 0, 0.3, 1.2, -2, Math.PI })
        {
            pendulum.SetState([angle, 0, 0]);
            var (x, y) = Middle(pendulum);
            // From the direction to the angle and back, so that π and -π are the same.
            Assert.That(Math.Sin((Math.Atan2(-x, y) - angle) / 2), Is.Zero.Within(0.015));
        }
    }

    [TestCase(1)]
    [TestCase(-0.3)]
    [TestCase(40)]
    public void The_dot_stands_where_the_point_is(double place)
    {
        using var line = new LineEnvironment();
        line.SetState([place, 5, 0]);
        // Darker than the mark of the middle.
        var dot = Drawn(line).Select((value, index) => (value, index)).Where(pixel => pixel.value < 100).Select(pixel => (pixel.index % Size) + 0.5).ToList();
        Assert.That(dot, Has.Count.GreaterThan(4));
        Assert.That(dot.Average(), Is.EqualTo((Size / 2) + (place / (1 + Math.Abs(place)) * Size / 2.4)).Within(0.5));
    }

    [Test]
    public void An_episode_goes_on_from_its_state_with_the_same_pictures()
    {
        using var one = new PendulumEnvironment().WithPixels(16, 24, gray: false).WithTimeLimit(50);
        using var other = new PendulumEnvironment().WithPixels(16, 24, gray: false).WithTimeLimit(50);
        var (first, second) = (new double[3 * 16 * 24], new double[3 * 16 * 24]);
        one.Reset(1, first);
        for (var step = 0; step < 10; step++) one.Step([1], first);
        var state = new double[one.StateSize];
        one.GetState(state);
        other.Reset(9, second);
        other.SetState(state);
        for (var step = 0; step < 10; step++)
        {
            Assert.That(other.Step([-1], second), Is.EqualTo(one.Step([-1], first)));
            Assert.That(second, Is.EqualTo(first));
        }
    }

    [TestCaseSource(nameof(EachTask))]
    public void A_step_with_its_picture_allocates_nothing(Func<AnalyticEnvironment> make)
    {
        using var environment = make().WithPixels(Size, Size, gray: false);
        double[] action = [0.5], frame = new double[3 * Size * Size];
        environment.Reset(1, frame);
        for (var step = 0; step < 40; step++) environment.Step(action, frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 40; step++) environment.Step(action, frame);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_task_of_a_user_draws_itself_also_within_wrappers()
    {
        using var environment = new BlinkingEnvironment().WithTimeLimit(5).WithActionRepeat(2).WithPixels(8, 8);
        var frame = new double[64];
        environment.Reset(0, frame);
        Assert.That(frame, Is.All.EqualTo(255), "white");
        environment.Step([0], frame);
        Assert.That(frame, Is.All.EqualTo(2), "after two steps");
    }

    [Test]
    public void The_shape_of_the_picture_is_found_through_wrappers_that_pass_it_on()
    {
        var shape = new FrameShape(3, 8, 16);
        using var pixels = new PendulumEnvironment().WithPixels(8, 16, gray: false).WithChecks().WithTimeLimit(5).WithRescaledActions();
        Assert.That(pixels.FindFrameShape(), Is.EqualTo(shape));
        using var summary = new Summary(new PendulumEnvironment().WithPixels(8, 16));
        Assert.That(summary.FindFrameShape(), Is.Null, "a wrapper that observes something else");
        using var plain = new PendulumEnvironment().WithTimeLimit(5);
        Assert.That(plain.FindFrameShape(), Is.Null);
    }

    // They are for another observation, or for steps of another length.
    [Test]
    public void Settings_and_functions_of_the_task_are_not_those_of_its_picture()
    {
        using var pixels = new CartPoleSwingUpEnvironment(knownReward: true).WithPixels(8, 8);
        using var repeated = new CartPoleSwingUpEnvironment(knownReward: true).WithActionRepeat(2).WithTimeLimit(9);
        using var once = new CartPoleSwingUpEnvironment().WithActionRepeat(1);
        Assert.That((MbpoPresets.For(pixels), MbpoPresets.For(repeated)), Is.EqualTo(((object?)null, (object?)null)));
        Assert.That((PetsPresets.For(pixels).Trainer.Reward, PetsPresets.For(repeated).Trainer.Reward), Is.EqualTo(((object?)null, (object?)null)));
        Assert.That(MbpoPresets.For(once), Is.Not.Null);
    }

    private static string Picture(AnalyticEnvironment task) => Convert.ToHexString(Drawn(task));

    private static byte[] Drawn(AnalyticEnvironment task)
    {
        var canvas = new Canvas(Size, Size);
        task.Draw(canvas);
        var frame = new byte[Size * Size];
        canvas.CopyTo(frame);
        return frame;
    }

    // The middle of what is not white, in pixels from the picture's middle, y upwards.
    private static (double X, double Y) Middle(AnalyticEnvironment task)
    {
        var frame = Drawn(task);
        var weight = frame.Sum(value => 255.0 - value);
        return (frame.Select((value, index) => (255 - value) * ((index % Size) + 0.5 - (Size / 2))).Sum() / weight,
            frame.Select((value, index) => (255 - value) * ((Size / 2) - (index / Size) - 0.5)).Sum() / weight);
    }

    // Its picture is as gray as it is old.
    private sealed class BlinkingEnvironment : IDrawableEnvironment
    {
        private byte _age;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

        public void Reset(int seed, Span<double> observation) => observation[0] = _age = 0;

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            observation[0] = ++_age;
            return new StepResult(0, false);
        }

        public void Draw(Canvas canvas)
        {
            if (_age > 0) canvas.Fill(Ink.Gray(_age));
        }
    }

    private sealed class Summary(IEnvironment inner) : EnvironmentWrapper(inner)
    {
        public override BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);
    }
}
