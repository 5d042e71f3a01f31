namespace MbpoML.Numerics.Networks;

/// <summary>When tensor operations add the biases to a matrix product. The two differ in the last bit, so each network keeps to one.</summary>
internal enum BiasAddition
{
    /// <summary>By an addition of its own, after the product.</summary>
    AfterProduct,

    /// <summary>As what the product is added to, in one operation.</summary>
    WithinProduct,
}
