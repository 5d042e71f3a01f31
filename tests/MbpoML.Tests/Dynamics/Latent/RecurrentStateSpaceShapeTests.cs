using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>The layers fit the frames: those of the paper for its frames, and others for others.</summary>
public class RecurrentStateSpaceShapeTests
{
    [Test]
    public void Frames_of_the_paper_get_the_layers_of_the_paper()
    {
        var shape = Of(new FrameShape(3, 64, 64));
        Assert.Multiple(() =>
        {
            Assert.That(shape.EncoderFilters, Is.EqualTo(new[] { 32, 64, 128, 256 }));
            Assert.That((shape.Embedding, shape.DecoderInputs), Is.EqualTo((1024, 1024)));
            Assert.That(shape.DecoderFilters, Is.EqualTo(new[] { 128, 64, 32, 3 }));
            Assert.That(shape.DecoderKernels.Select(kernel => kernel.Height), Is.EqualTo(new[] { 5, 5, 6, 6 }));
            Assert.That(shape.Belief, Is.EqualTo(230));
        });
    }

    [TestCase(1, 8, 8)]
    [TestCase(1, 16, 16)]
    [TestCase(3, 21, 21)]
    [TestCase(1, 32, 32)]
    [TestCase(1, 40, 43)]
    [TestCase(3, 48, 48)]
    [TestCase(3, 84, 84)]
    [TestCase(2, 90, 90)]
    public void Frames_of_other_sizes_are_read_and_drawn_in_their_own_size(int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var shape = Of(new FrameShape(channels, height, width), new() { FirstFilters = 2, DeterministicSize = 4, StochasticSize = 3, HiddenSize = 5 });
        using var network = new RecurrentStateSpaceNetwork(shape, CPU, generator);
        Assert.Multiple(() =>
        {
            Assert.That(network.Encode(zeros(2, channels, height, width)).shape, Is.EqualTo(new long[] { 2, shape.Embedding }));
            Assert.That(network.Decode(zeros(2, shape.Belief)).shape, Is.EqualTo(new long[] { 2, channels, height, width }));
            Assert.That(network.Reward(zeros(2, shape.Belief)).shape, Is.EqualTo(new long[] { 2 }));
        });
    }

    [TestCase(1, 3, 3, "Give fewer EncoderFilters")]
    [TestCase(1, 4000, 4000, "DecoderKernels")]
    [TestCase(1, 16, 64, "DecoderKernels", 16, 5)]
    public void Frames_that_no_layers_fit_are_told(int channels, int height, int width, string told, int minimum = 0, int kernel = 0)
    {
        var options = new RecurrentStateSpaceTrainer.Options { FirstFilters = 2 };
        if (minimum > 0) options.DecoderKernels = [kernel, kernel, kernel, kernel];
        Assert.That(() => Of(new FrameShape(channels, height, width), options), Throws.ArgumentException.With.Message.Contains(told));
    }

    [Test]
    public void Filters_that_are_given_need_as_many_kernels()
    {
        var options = new RecurrentStateSpaceTrainer.Options { DecoderFilters = [4, 4, 4, 4] };
        Assert.That(() => Of(new FrameShape(1, 32, 32), options), Throws.ArgumentException.With.Message.Contains("take 2 layers"));
    }

    private static RecurrentStateSpaceShape Of(FrameShape frames, RecurrentStateSpaceTrainer.Options? options = null) =>
        new(options ?? new RecurrentStateSpaceTrainer.Options(), frames, BoxSpace.Uniform(2, -1, 1));
}
