using MbpoML.Dynamics.Latent;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>How bytes become inputs.</summary>
public class FramePixelsTests
{
    [Test]
    public void A_value_keeps_five_bits_and_gets_noise_of_one_step_around_the_middle()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var bytes = Enumerable.Range(0, 256).SelectMany(value => Enumerable.Repeat((byte)value, 100)).ToArray();
        var read = FramePixels.Read(tensor(bytes), generator).data<float>().ToArray();
        for (var index = 0; index < read.Length; index++)
        {
            var low = (Math.Floor(bytes[index] / 8.0) / 32) - 0.5;
            Assert.That(read[index], Is.InRange(low, low + (1 / 32.0)), $"{bytes[index]}");
        }

        var ofZero = read.Take(800).Select(value => (value + 0.5) * 32).ToArray();
        Assert.That(ofZero.Average(), Is.EqualTo(0.5).Within(0.05), "the noise fills the step");
        Assert.That(ofZero.Max() - ofZero.Min(), Is.GreaterThan(0.95));
    }

    [Test]
    public void Each_reading_draws_anew()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var frame = zeros([1, 1, 4, 4], ScalarType.Byte);
        Assert.That(FramePixels.Read(frame, generator).allclose(FramePixels.Read(frame, generator)), Is.False);
    }

    [Test]
    public void Floats_are_read_as_bytes_are()
    {
        using var scope = NewDisposeScope();
        using Generator one = new(1), other = new(1);
        byte[] bytes = [0, 7, 8, 200, 255];
        Assert.That(FramePixels.Read(tensor(bytes), one).Equals(FramePixels.Read(tensor(bytes).to(ScalarType.Float32), other)));
    }

    [Test]
    public void What_was_read_is_written_back_within_a_step()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        byte[] bytes = [0, 7, 8, 100, 255];
        var written = FramePixels.Write(FramePixels.Read(tensor(bytes), generator)).data<float>().ToArray();
        for (var index = 0; index < bytes.Length; index++) Assert.That(written[index], Is.EqualTo(bytes[index]).Within(8));
        Assert.That(FramePixels.Write(tensor(new[] { -2f, 2 })).data<float>().ToArray(), Is.EqualTo(new[] { 0f, 255 }));
    }
}
