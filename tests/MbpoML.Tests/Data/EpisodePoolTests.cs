using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using MbpoML.Training.Checkpoints;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data;

/// <summary>Chunks of episodes hold what was recorded, never cross an episode, are drawn evenly, and are the same after a restart.</summary>
public class EpisodePoolTests
{
    private static readonly FrameShape Shape = new(1, 2, 3);

    // Frame f of episode e has the pixels 16 e + f, 16 e + f + 1, ...; the action that led to it is (f, -e) and its reward 100 e + f.
    private static void Record(EpisodePool pool, int episode, int frames, bool terminated = false, bool isWhole = true)
    {
        pool.Begin(Frame(episode, 0));
        for (var frame = 1; frame < frames; frame++)
        {
            var isLast = isWhole && frame == frames - 1;
            pool.Add([frame, -episode], (100 * episode) + frame, Frame(episode, frame), isLast && terminated, isLast && !terminated);
        }
    }

    private static byte[] Frame(int episode, int frame) => [.. Enumerable.Range((16 * episode) + frame, Shape.Size).Select(value => (byte)value)];

    // Checks that each chunk is a piece of one episode, and tells where it begins.
    private static List<(int Episode, int First)> Chunks(SequenceBatch batch)
    {
        var (frames, actions, rewards) = (batch.Frames.data<byte>().ToArray(), batch.Actions.data<float>().ToArray(), batch.Rewards.data<float>().ToArray());
        var chunks = new List<(int, int)>();
        for (var row = 0; row < batch.Batch; row++)
        {
            var (episode, first) = Math.DivRem((int)frames[row * Shape.Size], 16);
            chunks.Add((episode, first));
            for (var step = 0; step < batch.Length; step++)
            {
                var (place, frame) = ((step * batch.Batch) + row, first + step);
                Assert.That(frames[(place * Shape.Size)..((place + 1) * Shape.Size)], Is.EqualTo(Frame(episode, frame)));
                float[] action = frame == 0 ? [0, 0] : [frame, -episode];
                Assert.That(actions[(2 * place)..((2 * place) + 2)], Is.EqualTo(action));
                Assert.That(rewards[place], Is.EqualTo(frame == 0 ? 0 : (100 * episode) + frame));
            }
        }

        return chunks;
    }

    [Test]
    public void Chunks_are_drawn_evenly_from_every_place_and_never_cross_an_episode()
    {
        var pool = new EpisodePool(Shape, 2);
        Record(pool, 0, 5);
        // Shorter than a chunk, and exactly as long.
        Record(pool, 1, 3, terminated: true);
        Record(pool, 2, 4);
        Record(pool, 3, 2);
        Record(pool, 4, 7);
        using var batch = new SequenceBatch(4, 70, Shape, 2);
        var (random, counts) = (new RandomSource(1), new Dictionary<(int, int), int>());
        for (var draw = 0; draw < 100; draw++)
        {
            pool.Draw(batch, random);
            foreach (var chunk in Chunks(batch)) counts[chunk] = counts.GetValueOrDefault(chunk) + 1;
        }

        Assert.That(counts.Keys.Order(), Is.EqualTo(new[] { (0, 0), (0, 1), (2, 0), (4, 0), (4, 1), (4, 2), (4, 3) }));
        Assert.That(pool.CountChunks(4), Is.EqualTo(7));
        // Of 7000 draws a seventh each, with a standard deviation of 29.
        Assert.That(counts.Values, Is.All.InRange(1000 - 120, 1000 + 120));
        Assert.That((pool.Frames, pool.Episodes, pool.LongestEpisode, pool.TerminatedEpisodes), Is.EqualTo((21, 5, 7, 1)));
    }

    [Test]
    public void The_episode_under_way_counts_as_far_as_it_has_come()
    {
        var pool = new EpisodePool(Shape, 2);
        using var batch = new SequenceBatch(3, 20, Shape, 2);
        Record(pool, 0, 2, isWhole: false);
        Assert.That(() => pool.Draw(batch, new RandomSource(1)), Throws.InvalidOperationException.With.Message.Contains("3 frames")
            .And.Message.Contains("has 2"));
        pool.Add([2, 0], 2, Frame(0, 2), false, false);
        pool.Draw(batch, new RandomSource(1));
        Assert.That(Chunks(batch), Is.All.EqualTo((0, 0)));
        // Another begins: it stays as it is.
        Record(pool, 1, 3);
        pool.Draw(batch, new RandomSource(1));
        Assert.That(Chunks(batch).Distinct().Order(), Is.EqualTo(new[] { (0, 0), (1, 0) }));
    }

    // Frames of a quarter of a block, so that blocks and episodes do not end together.
    [Test]
    public void Frames_of_many_blocks_are_found_again()
    {
        var shape = new FrameShape(1, 1024, 2048);
        var pool = new EpisodePool(shape, 1);
        var frame = new byte[shape.Size];
        for (var episode = 0; episode < 3; episode++)
        {
            for (var step = 0; step < 3; step++)
            {
                Array.Fill(frame, (byte)((3 * episode) + step));
                if (step == 0) pool.Begin(frame);
                else pool.Add([1], 0, frame, false, step == 2);
            }
        }

        using var state = StateMemory.Of(pool);
        var again = new EpisodePool(shape, 1);
        state.RestoreTo(again);
        using var batch = new SequenceBatch(3, 8, shape, 1);
        again.Draw(batch, new RandomSource(3));
        var firsts = batch.Frames.flatten(2).amax(2).transpose(0, 1).data<byte>().ToArray().Chunk(3).Select(chunk => string.Join(' ', chunk));
        Assert.That(firsts.Distinct().Order(), Is.EqualTo(new[] { "0 1 2", "3 4 5", "6 7 8" }));
        Assert.That(batch.Frames.flatten(2).amax(2).equal(batch.Frames.flatten(2).amin(2)).all().item<bool>());
    }

    [TestCase(false)]
    [TestCase(true)]
    public void After_a_restart_draws_are_the_same_and_the_episode_goes_on(bool isFile)
    {
        var pool = new EpisodePool(Shape, 2);
        Record(pool, 0, 6, terminated: true);
        Record(pool, 1, 4, isWhole: false);
        var again = new EpisodePool(Shape, 2);
        Record(again, 3, 9);
        if (isFile)
        {
            using var folder = new TemporaryFolder();
            Through(folder["pool"], pool, again);
        }
        else
        {
            using var state = StateMemory.Of(pool);
            state.RestoreTo(again);
        }

        foreach (var each in (EpisodePool[])[pool, again])
        {
            each.Add([4, -1], 104, Frame(1, 4), false, true);
            Assert.That(() => each.Add([5, -1], 105, Frame(1, 5), false, false), Throws.InvalidOperationException.With.Message.Contains("No episode"));
        }

        using var first = new SequenceBatch(3, 40, Shape, 2);
        using var second = new SequenceBatch(3, 40, Shape, 2);
        pool.Draw(first, new RandomSource(4));
        again.Draw(second, new RandomSource(4));
        Assert.That(Chunks(second), Is.EqualTo(Chunks(first)));
        Assert.That((again.Frames, again.Episodes, again.TerminatedEpisodes), Is.EqualTo((11, 2, 1)));
    }

    [Test]
    public void An_empty_pool_is_restored_empty()
    {
        var again = new EpisodePool(Shape, 2);
        Record(again, 0, 3);
        using var state = StateMemory.Of(new EpisodePool(Shape, 2));
        state.RestoreTo(again);
        Assert.That((again.Frames, again.Episodes, again.LongestEpisode, again.CountChunks(1)), Is.EqualTo((0, 0, 0, 0L)));
    }

    private static IEnumerable<TestCaseData> Damages =>
    [
        Damage("sizes", () => tensor(new long[] { 1, 3, 2, 2 }), "frames of 1x2x3"),
        Damage("sizes", () => tensor(new long[] { 1 }), "[1]"),
        Damage("lengths", () => tensor(new long[] { 6, -4 }), "an episode has -4 frames"),
        Damage("lengths", () => tensor(new[] { long.MaxValue, long.MaxValue }), "an episode has"),
        Damage("lengths", () => tensor(new long[] { int.MaxValue, int.MaxValue }), "its episodes have"),
        Damage("lengths", () => tensor(new long[] { 500_000_000, 4 }), "10 actions and rewards"),
        Damage("lengths", () => tensor(new long[] { 5, 5 }), "first frame of an episode"),
        Damage("lengths", () => tensor(new long[] { 10 }), "have an end"),
        Damage("lengths", () => tensor(new long[] { 5, 4 }), "steps"),
        Damage("ends", () => tensor(new long[] { 1, 3 }), "ended in the way 3"),
        Damage("ends", () => tensor(new long[] { 1, 1 }), "'under-way' is 1"),
        Damage("under-way", () => tensor(new long[] { 7 }), "'under-way' is 7"),
        Damage("steps", () => zeros(10, 2), "steps"),
        Damage("steps", () => full([10, 3], float.NaN), "NaN"),
        Damage("frames-0", () => zeros(59, ScalarType.Byte), "59 bytes"),
        Damage("frames-0", null, "frames-0"),
    ];

    [TestCaseSource(nameof(Damages))]
    public void A_state_that_makes_no_sense_is_refused_and_changes_nothing(string name, object? make, string message)
    {
        var pool = new EpisodePool(Shape, 2);
        Record(pool, 0, 6, terminated: true);
        Record(pool, 1, 4, isWhole: false);
        using var state = StateMemory.Of(pool);
        state.Replace(name, ((Func<Tensor>?)make)?.Invoke());
        var again = new EpisodePool(Shape, 2);
        Record(again, 2, 3);
        Assert.That(() => state.RestoreTo(again), Throws.TypeOf<CheckpointException>().With.Message.Contains(message));
        Assert.That((again.Frames, again.Episodes), Is.EqualTo((3, 1)));
    }

    [Test]
    public void Drawing_and_adding_allocate_nothing()
    {
        var pool = new EpisodePool(Shape, 2);
        for (var episode = 0; episode < 3; episode++) Record(pool, episode, 60);
        using var batch = new SequenceBatch(5, 20, Shape, 2);
        var (random, frame) = (new RandomSource(1), Frame(0, 0));
        float[] action = [1, 2];
        pool.Begin(frame);
        Work(5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work(5);
        // A tensor's memory is asked for by objects of TorchSharp that are as many for any size.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(5 * 400));

        void Work(int times)
        {
            for (var time = 0; time < times; time++)
            {
                pool.Add(action, 1, frame, false, false);
                pool.Draw(batch, random);
            }
        }
    }

    private static TestCaseData Damage(string name, Func<Tensor>? make, string message) =>
        new TestCaseData(name, make, message).SetArgDisplayNames(name, message);

    private static void Through(string path, EpisodePool from, EpisodePool to)
    {
        using (var stream = File.Create(path))
        using (var writer = new CheckpointWriter(stream))
        {
            from.Save(writer);
            writer.Complete();
        }

        using var reader = new CheckpointReader(path);
        to.Restore(reader);
    }
}
