using System.Buffers.Binary;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Random;

public class GeneratorStateTests
{
    // Blocks have 624 numbers: the states around their ends are of another kind.
    [Test]
    public void Every_state_that_a_generator_can_be_in_comes_back([Values(0, 1, 2, 311, 622, 623, 624, 625, 1247, 1248, 1249)]
    int numbers, [Values] bool normal)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        for (var number = 0; number < numbers; number++) rand(1, generator: generator);
        if (normal) randn(1, generator: generator);
        using var other = new Generator(6, CPU);
        GeneratorState.Restore(other, generator.get_state());
        Assert.That(rand(2000, generator: other).Equals(rand(2000, generator: generator)));
    }

    [TestCase(8, 0)]
    [TestCase(8, -1)]
    [TestCase(8, 625)]
    [TestCase(12, 0)]
    [TestCase(12, 2)]
    [TestCase(16, 400)]
    [TestCase(16, 100_000)]
    [TestCase(20, 1)]
    [TestCase(5052, 2)]
    public void A_state_that_would_end_the_process_is_refused(int place, int value)
    {
        using var generator = new Generator(5, CPU);
        using var state = generator.get_state();
        BinaryPrimitives.WriteInt32LittleEndian(state.bytes[place..], value);
        Assert.That(() => GeneratorState.Restore(generator, state), Throws.ArgumentException);
    }

    [Test]
    public void A_state_of_another_form_is_refused()
    {
        using var generator = new Generator(5, CPU);
        using var tooShort = zeros(5055, ScalarType.Byte);
        using var numbers = zeros(5056, ScalarType.Float32);
        Assert.That(() => GeneratorState.Restore(generator, tooShort), Throws.ArgumentException);
        Assert.That(() => GeneratorState.Restore(generator, numbers), Throws.ArgumentException);
    }
}
