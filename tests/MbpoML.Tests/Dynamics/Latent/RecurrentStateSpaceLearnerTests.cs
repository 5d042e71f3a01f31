using MbpoML.Data;
using MbpoML.Dynamics.Latent;
using MbpoML.Numerics;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>How the recurrent state-space model is fitted.</summary>
public class RecurrentStateSpaceLearnerTests
{
    [Test]
    public void The_gradient_of_every_parameter_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var options = DotLineWorld.Tiny();
        options.FreeNats = 0;
        using var learner = DotLineWorld.Learner(options);
        var batch = new Chunks(options);
        var network = ((RecurrentStateSpaceModel)learner.Model).Network;
        var leaves = network.Leaves;
        using var elsewhere = new Generator(9);
        // Where a convolution sees black only and its bias is still 0, ReLU has no slope.
        network.Flat.add_(randn(network.Flat.shape, generator: elsewhere) * 0.1f);
        var gradients = autograd.grad([batch.Losses(learner).Total], [.. leaves]);
        for (var index = 0; index < leaves.Count; index++)
        {
            // Along the gradient, whose length is the slope there: a wrong one is steeper somewhere else.
            var length = gradients[index].norm().item<float>();
            Assert.That(length, Is.GreaterThan(0), $"parameter {index} is used");
            var direction = gradients[index] / length;
            var slope = (Moved(index, direction, 2e-3) - Moved(index, direction, -2e-3)) / 4e-3;
            Assert.That(slope, Is.EqualTo(length).Within(0.03 * length + 2e-3), $"parameter {index} [{string.Join(", ", leaves[index].shape)}]");
        }

        double Moved(int index, Tensor direction, double step)
        {
            using var noGradient = no_grad();
            using var before = leaves[index].detach().clone();
            leaves[index].detach().add_(direction * step);
            var loss = batch.Losses(learner).Total.item<float>();
            leaves[index].detach().copy_(before);
            return loss;
        }
    }

    // The state is 0 at the start of a chunk, so that what was done before it would be half a memory.
    [Test]
    public void The_action_before_a_chunk_changes_nothing_and_those_within_do()
    {
        using var scope = NewDisposeScope();
        var options = DotLineWorld.Tiny();
        using var learner = DotLineWorld.Learner(options);
        var batch = new Chunks(options);
        var loss = batch.Losses(learner).Total.item<float>();
        batch.Actions.select(0, 0).fill_(0.9f);
        Assert.That(batch.Losses(learner).Total.item<float>(), Is.EqualTo(loss));
        batch.Actions.select(0, 1).fill_(0.9f);
        Assert.That(batch.Losses(learner).Total.item<float>(), Is.Not.EqualTo(loss));
    }

    // A chunk of one row gives the same alone as beside others, step after step.
    [Test]
    public void Rows_of_a_batch_do_not_see_each_other()
    {
        using var scope = NewDisposeScope();
        var options = DotLineWorld.Tiny();
        using var learner = DotLineWorld.Learner(options);
        var batch = new Chunks(options);
        var rows = Enumerable.Range(0, options.BatchSize).Select(row => batch.Row(row).Losses(learner).Total.item<float>());
        Assert.That(batch.Losses(learner).Total.item<float>(), Is.EqualTo(rows.Average()).Within(1e-4));
    }

    [Test]
    public void Learning_goes_on_exactly_from_a_saved_state()
    {
        var episodes = DotLineWorld.Episodes(3);
        using var whole = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var resumed = DotLineWorld.Learner(DotLineWorld.Tiny(), seed: 2);
        for (var update = 0; update < 3; update++) whole.Update(episodes);
        using (var state = StateMemory.Of(whole)) state.RestoreTo(resumed);
        for (var update = 0; update < 2; update++)
        {
            whole.Update(episodes);
            resumed.Update(episodes);
        }

        Assert.That(resumed.TakeMetrics(), Is.EqualTo(whole.TakeMetrics()));
        using StateMemory one = StateMemory.Of(whole), other = StateMemory.Of(resumed);
        foreach (var name in one.Names)
        {
            using Tensor expected = one.Tensor(name), actual = other.Tensor(name);
            Assert.That(actual.bytes.SequenceEqual(expected.bytes), name);
        }
    }

    [TestCase("weights")]
    [TestCase("first-moment")]
    [TestCase("sums")]
    [TestCase("counters")]
    [TestCase("noise/state")]
    public void A_state_that_is_damaged_is_refused(string value)
    {
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var state = StateMemory.Of(learner);
        state.Replace(value, zeros(1, ScalarType.Int64));
        Assert.That(() => state.RestoreTo(learner), Throws.TypeOf<CheckpointException>());
    }

    [Test]
    public void A_copy_of_the_model_stays_as_it_was()
    {
        using var scope = NewDisposeScope();
        var episodes = DotLineWorld.Episodes(3);
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        var copy = learner.CopyModel();
        var belief = rand(2, copy.BeliefSize);
        var before = copy.Decode(belief);
        Assert.That(before.Equals(learner.Model.Decode(belief)));
        learner.Update(episodes);
        Assert.That(copy.Decode(belief).Equals(before));
        Assert.That(learner.Model.Decode(belief).Equals(before), Is.False);
        ((IDisposable)copy).Dispose();
    }

    [Test]
    public void The_step_grows_over_the_first_updates()
    {
        var options = DotLineWorld.Tiny();
        options.WarmUpUpdates = 10;
        Assert.That(FirstStep(options), Is.EqualTo(FirstStep(DotLineWorld.Tiny()) / 10).Within(1e-6));

        static double FirstStep(RecurrentStateSpaceTrainer.Options options)
        {
            using var scope = NewDisposeScope();
            var episodes = DotLineWorld.Episodes(3);
            using var learner = DotLineWorld.Learner(options);
            var weights = ((RecurrentStateSpaceModel)learner.Model).Network.Flat;
            var before = weights.clone();
            learner.Update(episodes);
            return (weights - before).abs().max().item<float>();
        }
    }

    [Test]
    public void Learning_that_diverged_is_told()
    {
        var episodes = DotLineWorld.Episodes(3);
        var options = DotLineWorld.Tiny();
        (options.LearningRate, options.MaxGradientNorm) = (1e30, 1e30);
        using var learner = DotLineWorld.Learner(options);
        Assert.That(learner.ThrowIfDiverged, Throws.Nothing);
        for (var update = 0; update < 3; update++) learner.Update(episodes);
        Assert.That(learner.ThrowIfDiverged, Throws.TypeOf<LearningException>().With.Message.Contains("LearningRate"));
    }

    // Neither can say where the dot goes: what was seen last, nor what is most often seen.
    [Test]
    public void What_is_imagined_is_nearer_to_what_happens_than_the_last_frame()
    {
        using var scope = NewDisposeScope();
        var episodes = DotLineWorld.Episodes(40);
        var test = DotLineWorld.Episodes(16, seed: 2);
        using var learner = DotLineWorld.Learner();
        for (var update = 0; update < 250; update++) learner.Update(episodes);
        const int Seen = 5, Imagined = 6;
        var chunks = new Chunks(DotLineWorld.Options(), test);
        using var generator = new Generator(1);
        var belief = zeros(chunks.Rows, learner.Model.BeliefSize);
        for (var step = 0; step < Seen; step++) belief = learner.Model.Update(belief, chunks.Actions.select(0, step), chunks.Frame(step), generator);
        var (imagined, repeated) = (0.0, 0.0);
        for (var step = Seen; step < Seen + Imagined; step++)
        {
            belief = learner.Model.Sample(belief, chunks.Actions.select(0, step), generator).NextObservation;
            imagined += Error(learner.Model.Decode(belief), chunks.Frame(step));
            repeated += Error(chunks.Frame(Seen - 1), chunks.Frame(step));
        }

        TestContext.Out.WriteLine($"imagined {imagined:F1}, the last frame {repeated:F1}");
        // No number is below every number.
        Assert.That(imagined, Is.InRange(1, 0.8 * repeated));

        static double Error(Tensor one, Tensor other) => (one - other).square().mean().item<float>();
    }

    // Chunks with the draws that belong to them.
    private sealed class Chunks
    {
        private readonly Tensor _pixels, _noise, _rewards, _frames;

        public Chunks(RecurrentStateSpaceTrainer.Options options, EpisodePool? episodes = null)
        {
            using var generator = new Generator(5);
            using var batch = new SequenceBatch(options.ChunkLength, options.BatchSize, DotLineWorld.Frames, 1, CPU);
            var pool = episodes ?? DotLineWorld.Episodes(4);
            pool.Draw(batch, new(7));
            _frames = batch.Frames.to(ScalarType.Float32);
            _pixels = FramePixels.Read(batch.Frames, generator);
            Actions = batch.Actions.clone();
            _rewards = batch.Rewards.clone();
            _noise = randn([options.ChunkLength, options.BatchSize, options.StochasticSize], generator: generator);
        }

        private Chunks(Tensor frames, Tensor pixels, Tensor actions, Tensor rewards, Tensor noise) =>
            (_frames, _pixels, Actions, _rewards, _noise) = (frames, pixels, actions, rewards, noise);

        public Tensor Actions { get; }

        public long Rows => Actions.size(1);

        public Tensor Frame(int step) => _frames.select(0, step).flatten(1);

        public Chunks Row(int row) => new(
            _frames.narrow(1, row, 1), _pixels.narrow(1, row, 1), Actions.narrow(1, row, 1), _rewards.narrow(1, row, 1), _noise.narrow(1, row, 1));

        public RecurrentStateSpaceLoss Losses(RecurrentStateSpaceLearner learner) =>
            learner.Losses(_pixels.flatten(0, 1), Actions, _rewards.flatten(), _noise);
    }
}
