/// Keys that are refused. `openssl` made them for these tests.
extension SampleKey {
    /// PKCS #8 behind a passphrase.
    static let encryptedPKCS8 = SampleKey(
        name: "encryptedPKCS8",
        pem: """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhHJJnc2/Zl6wICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEO28Wfc8DpsfF4hxT9Ny5GUEgZAy
            q957YEzqGvmvtT9dRMjua1TJnCo4wkfxwDt8lw3S/7kuBHSpM324XI378uMWjXMz
            oD+6FMWPgBobBeFzwyaeinu6iXGMoNWb0XjWFqywq8uTuG53H1yzeDaRza3XsTjO
            epPGzEnxr502iRZ9P7plFNCTnwQKOg2zg0F+Y4pbo/Yv/OhspzaBefF8tykX7Z8=
            -----END ENCRYPTED PRIVATE KEY-----

            """
    )

    /// The older way to put a passphrase before a key.
    static let encryptedSEC1 = SampleKey(
        name: "encryptedSEC1",
        pem: """
            -----BEGIN EC PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,761D3091421745BDE2E1C9A10C826F49

            1b2RbR6up62940MmKGXfoISd2o793Ufv1Ck3x7uuU+EPkLk3RWfuQBGJ+fR9WXmV
            SSHwutai4AsTd7gT/n7HA29VFNTNuxon9pQiGC/ecK8+FU/CreXsNCOFoQClLC7w
            ZUA1QTgGHbIQZngUKOpO5FMPJgUNL1bH4Z1tFgOf+40=
            -----END EC PRIVATE KEY-----

            """
    )

    /// Long broken.
    static let rsa1024 = SampleKey(
        name: "rsa1024",
        pem: """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXQIBAAKBgQDXIc8tS539vLUAdholMTx8YIg3ZQkYkZGVOpBTYekf/YGgyCCs
            zV42Hc99W09QYvB+6+nDPgYZuozHMbtip8WL6c5SPt8ClgA7up1iZccgDgSMLNKy
            wDsoxCIR5qkoCeOx2JLudJ4kfBr+qDGoUTACrXlrOHdd3CqVarY/yS3y3QIDAQAB
            AoGAST6ok+pf4yjhk0OiiTEnP8158ypCG4xMPbuPsePvBEZCYSRiA5N0VQZ3Q13Y
            Ni1JZl0Z3LB8UTwzfApRmzg1yFo0qWd7HylxtfbYEWgLb6b3LbnXVxKPEJljZ4hz
            lPEjrOzWy7yInQpQ0RWeBsmvxyLMgRi6o+jgfmG9h0WRpH0CQQDyA/dJWZg+fY2A
            Nu2Qv+4YVoq90ql3SFxZUEG5kPGFT+0UUbJRtrj+l0O6mxuGwgi+Lf/LGncCZdiS
            JzwTwZf3AkEA45ArBc6Var2rtYp9mKiFuG01eboNGF6fBjwOJ9mcbOmcH3U8a11A
            +6+t3d5d+9Cf1GH9DZC1BFRGauZEfCCeywJAT74Syu5khaKk7ywqFtnGv+o0CNvS
            zuTe2Obi4RvrGLv/KATLNrV4OxroTCIzbbGdY9yQPgHYWMfqFi4rU28kfQJBAJNl
            IQi82zjtK5gF4P4NQbfIPNfgc3TybMxr/7s+DzzYP4B8virIlzuuec54pqVhZvT4
            lyC/NxBbydSZ24gO1OsCQQCx81LZbarHB6Wv8GKwVY2YMRS3nCbtZb8rl1Adyf1v
            f5tt6eXgZl2iqnlgTDDnzfPbA9CS55zwL5FuM5p52KgW
            -----END RSA PRIVATE KEY-----

            """
    )

    /// 2048 bits with the public exponent 3.
    static let rsaWithExponent3 = SampleKey(
        name: "rsaWithExponent3",
        pem: """
            -----BEGIN PRIVATE KEY-----
            MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCy+to9eiLUoyj3
            PCMjXo5KEPfY5xLKjnhBRcZZegVIuuF+ol3l9ge0VjuXmqmFqQQ/ItO5u6UN5EQR
            ihBJf8KblHQ6FhTdzRXxXlqg27kKLPyBxYLJ7rX3o69Pm+dhoRldOtX50YwwBmHJ
            zVjUVuCuA15IjyCNFHuh80QsC80N2+iaPii8E/h9x0a9dvjF7L0STiS1aN4J3+rV
            slwVJR8ma8kXpRiLI2iqKT2QQkLp8yYZ+MEXpz7lVKDXhXKO2L2q/xtHDcRIz30L
            nxKcl00CMhkXEMj1J5jmR3GL8yy8BUWEh9e4E+3Bc5QkGUgVB/XqjyoqO/nhpHIV
            VjAqM/XtAgEDAoIBAHdR5tOmweMXcKTSwheUXtwLT+XvYdxe+tYuhDumrjB8llRs
            PplOr82O0mURxlkbWCoXN9Enw16YLWEGtYZVLGe4TXwOuJPeDqDpkcCSe1wd/avZ
            Adv0eU/CdN+9ROvAu5N8jqaLssqu69veOzg56x6s6YW0wF4Np8FM2B1dM16RfRYV
            asMOCyUtyrNvhI5Q4pB4bJPMMU7Gcn7YKtxqeZPATL3i6ZedFXtkFQxyGiD6Q6l7
            adMTMCIlCkOoq4TRstXaXj6UJ5vS9rp/mOvScBKyjiRrVEIkZqzI2vusJsae+Mt9
            jT3AWuXh8TCXM15Nt1FVopgqnD7g0efNJSt5eesCgYEA5Bx3QeMVpgC5NxbDDjS2
            vpHFAl+YEDhRyw4yXmqob/UDdjfkoSfBTkzc7Gv12837fDi2ifaBHHbaxgzZuuCC
            VC2lY2qNKaRoFXeTPIndvT46RZBRNZJ3orj+33ZqGdwIQunBlCqCUpxW9wrweRD9
            /+l6ro3fLpF3saEHIGLRjBkCgYEAyNymxrRpQcVJX5mMo7u8qqfUf3geg9tkdAk7
            vV/c+NPH38LsGP/2eiQ2MZGhP+qARGMJGGSJWjtCS2Uutmcb3TySKn6iXzqq9XxM
            cLD956fr/lAelP95XCobSZwG2LYOjWmJ77DxEsxJs1BGAfaVYwcUB7gc4PHbhZib
            WAYsMvUCgYEAmBL6K+y5GVXQz2SCCXh51GEuAZUQCtA2h17MPvHFn/is+XqYa2/W
            NDM98vKj596nqCXPBqRWEvnnLrM70esBjXPDl5xeG8LwDk+3fbE+fil8LmA2I7b6
            bHtUlPmcET1a10aBDXGsNxLkpLH1pgtT//D8dF6UybZPy8CvauyLsrsCgYEAhehv
            LyLw1oOGP7uzF9J9xxqNqlAUV+eYTVt9KOqTUI0v6oHyu1VO/BgkIQvA1UcALZdb
            ZZhbkXzW3O4fJES9PihhcanBlNHHTlLdoHX+mm/yqYq/Df+mPXFnhmgEkHlfCPEG
            n8tLYd2Gd4rZVqRjl1oNWnq960vnrmW85VlyzKMCgYAj1yAFpz+cqIj4iV8hOcr+
            aRkfJhVYUKvtN48xzyI1CqgleXJZIkWCk4S/jYKbCstvjj0l84cF2+b82jLVxc+U
            a2fmBXfKr2LarUEqw2j6P6XZspVQJGZtTVkvArMp3jNjjnDzlgU/w7g/HFd6FdGZ
            HfoMDw3Lp1wmO1nZLEdyOg==
            -----END PRIVATE KEY-----

            """
    )

    /// A key that may not be used with PKCS #1 v1.5 padding.
    static let rsaPSS = SampleKey(
        name: "rsaPSS",
        pem: """
            -----BEGIN PRIVATE KEY-----
            MIIEvAIBADALBgkqhkiG9w0BAQoEggSoMIIEpAIBAAKCAQEAueZN7Z8yf3hCCbb7
            UY8KgP2xHKMUjSS/8nB/32t63I0k7a1kEgcS44fCJs3fgeIOKFw59WhqcIRupx11
            iccCEHKT3rnYrKOp3iijKb6ep+U7I1re0niDhpy+tlE/vyBbRf6QzH5nIDq5Fb1X
            pPhYtjlL1nJnRo7IuhZFwRdTd37nzC6EOmfxtgn35aXKWyPLALoYAIyiPoItEit7
            3V4qmM1mb7x8U2Sm2haNcsn+Rj9oXP198fJbfOOh8jHERquy2DfNqde1735Dx15p
            U/NYYBrK5MBe/LzOdODW8VLazj2h5rPI/R0xd3XDp5NQBvln4WvKdirl//Z/FlS6
            0OsD7wIDAQABAoIBABC4d5yT4RrjWi09hBqwiaVTLDGt3r9YkDCM5d4r8KpobOs5
            Lp210oEcnjNB+S8u108nXHSHpms7E34nLCyZoG889F09d2Zad4DqmXe7vtF4e3qR
            RdFwfYQHZ9qbhub4phJZn0naugkwFE2xm3HUf0YvSR70vff0B8yVDEPIhqgMs8K3
            2Hmulk8Tv2b3ouc0RBT9P8KYUhZhoq0/49aZ6JIEpNSI+xjhhEu6JmgW6mKOe+jh
            qrSS392c+vNMwyicpcetM9Ibvi5J0wPNfA2It4touCMtQ12t2yRTm77FMkE0RP80
            6OC24GHmfJVzR6s8GqyusFWVFDwYWUm3+xXpu8ECgYEA/AtBdfn0mo1WKzB8jdhY
            3ljLY9GDjgcPoMigukjuQhVGqmkIFO0J1aRRC1flHUkz89ZHZsz7CQ1F6JgPM3c+
            PlWA/0peIBRBLLZqGWDdsCgH0DVE2kM44pzotD1WMYLORjpLApNKSdb3KQLRaoRp
            DpepbhfQNTTd7kHe898IFUcCgYEAvNFFvnMZwtlIVdNfH34jb1objEssi524c6sA
            UJ0ptHW//r1u/cHgaXKGH/lPM50Ow7Xkx7d0yLc1WptKh4sqWslYU4cLFtblP7P+
            kV4PeOehyzUgF1RNKjqUITXFJLPnEaKZLirVWNszrq59zxtxsRi2Rbc8U78GuoxB
            ONIPkBkCgYEA2n03ZfoknMXg6NfDYYMmprj6t7EsBbcBSTQigNowEIE5HQinxNwn
            JlinGNo890I6EyqyAt+2zoX/ED6hDtBT2N1uUeA58D0eso//MbjS9J3/B/LlmP+l
            FG1JHNX/HjRydFacJ8NfJtt+rsKOn3PhTpESgymJiFYn/R6FE4tICokCgYAFXJfz
            aYdQviTMsxzfYxCUh+WCXVwddtQXDMMMhvn5MuLJ1A1DzW6W7/aZD9ZM6+fQbOjb
            Nv1s+a7dLM23/Z6tR0xnyszo0B9gaLcQ36/mygURJSgNIYqzaUhtjP5VJXqpSIm7
            AuJeDJNyIWhXKjtXQRFj92kSI7mIMJVljKl+eQKBgQCPFp2a4HDU33riwYxGSsu4
            mbeXqGlX1u66vLw8aCv0ClAEtGKZ3r9v8OqXw5kQvj9ff+uUzu4Y5KH3vkj+UKvK
            oHBkv/I/PnEYG3TF5rP0XNfEKOs0H2/+syV1RNXC+VxsnPzMBtMPjAzwwfbzGjXa
            HVVg8jIxY9kx3TJKKaXxug==
            -----END PRIVATE KEY-----

            """
    )

    /// Another curve.
    static let p384 = SampleKey(
        name: "p384",
        pem: """
            -----BEGIN EC PRIVATE KEY-----
            MIGkAgEBBDCSix/nmJ7I26M26zeGrReGvIu0dG2LQ1QXugkGuTgGvVHzdXK6tL/Z
            nkpu9Sek0LugBwYFK4EEACKhZANiAASYhDjfMBhQAanwRRP1bCN9HMwAqTURiDqB
            1K5bCcCixAQ7VzNBLkmgMgZNYCtrAuWuRdcgB/j8er1aOzr4qiG9LxtqrXEtLpLZ
            aTxmwJtEomLlBUwjBF83D5zfK5gh6Cg=
            -----END EC PRIVATE KEY-----

            """
    )

    /// The larger sister of Ed25519.
    static let ed448 = SampleKey(
        name: "ed448",
        pem: """
            -----BEGIN PRIVATE KEY-----
            MEcCAQAwBQYDK2VxBDsEOWu17uBXf1nmag2HzJCLwRPxJIw+yRxbBopl7i1fBCw2
            EdTkWoAi6Sq7pdP3j96uQCKOjRHaz8N/pA==
            -----END PRIVATE KEY-----

            """
    )

    /// P-256 with its parameters written out: a reader that believes them can be lied to.
    static let p256SpelledOut = SampleKey(
        name: "p256SpelledOut",
        pem: """
            -----BEGIN EC PRIVATE KEY-----
            MIIBaAIBAQQg71n6T0aVYAPmdwD0Asu3zEBYXRqvoh4HiVz1QpRHmJCggfowgfcC
            AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////
            MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr
            vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE
            axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W
            K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8
            YyVRAgEBoUQDQgAE0oa6z81S1inaF1PqBAFrjAItaJ0kBo2JxAv5XczVfEN909kF
            3gcP2wIrik2IhlyjadflO8u7ofKDLJVq+Rc0ow==
            -----END EC PRIVATE KEY-----

            """
    )

    /// The private half of RFC 7515 appendix A.3 with the public half of RFC 6979 appendix A.2.5.
    static let mismatched = SampleKey(
        name: "mismatched",
        pem: """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEII6bEJ5xkJi/mASH3x9dd+nLKWBuvtImO19XwhPfhPSyoAoGCCqGSM49
            AwEHoUQDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8
            maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==
            -----END EC PRIVATE KEY-----

            """
    )
}
