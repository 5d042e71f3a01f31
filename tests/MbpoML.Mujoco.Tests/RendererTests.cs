namespace MbpoML.Mujoco.Tests;

[TestFixtureSource(typeof(MujocoTasks), nameof(MujocoTasks.All))]
public class RendererTests(MujocoTask task)
{
    private const int Width = 160, Height = 120;

    [Test]
    public void A_picture_shows_the_body_and_follows_what_it_does()
    {
        using var environment = task.Create();
        using var renderer = environment.CreateRenderer(Width, Height);
        var (first, later) = (new byte[3 * Width * Height], new byte[3 * Width * Height]);
        var observation = new double[task.ObservationSize];
        environment.Reset(1, observation);
        renderer.Render(first);
        var action = Enumerable.Repeat(1.0, task.ActionSize).ToArray();
        for (var step = 0; step < 20; step++) environment.Step(action, observation);
        renderer.Render(later);
        Assert.Multiple(() =>
        {
            // Orange and blue are only on the body; sky and floor are grey.
            Assert.That(Colored(first), Is.GreaterThan(Width * Height / 200), "coloured pixels");
            Assert.That(first.Zip(later).Count(pair => pair.First != pair.Second), Is.GreaterThan(Width * Height / 200), "changed values");
        });
        Save(first, "first");
        Save(later, "later");
    }

    private static int Colored(byte[] rgb) => Enumerable.Range(0, rgb.Length / 3).Count(pixel => Math.Abs(rgb[3 * pixel] - rgb[(3 * pixel) + 2]) > 70);

    private void Save(byte[] rgb, string name)
    {
        using var file = File.Create($"/tmp/pic-{task}-{name}.ppm");
        file.Write(System.Text.Encoding.ASCII.GetBytes($"P6\n{Width} {Height}\n255\n"));
        file.Write(rgb);
    }
}
